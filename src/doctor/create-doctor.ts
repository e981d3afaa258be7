import { canConfirm, isSign } from './confirm.ts';
import { confirmNow } from './confirm-now.ts';
import type { Confirmation } from './confirm-now.ts';
import type { DoctorNeeds } from './needs.ts';
import { gatherPatient } from './patient/index.ts';
import type { PatientOptions } from './patient/index.ts';
import { probes } from './probes/index.ts';
import type { Probe } from './probe.ts';
import { runProbes } from './run-probes.ts';
import type { Examination, OnProbe } from './run-probes.ts';
import type { Suspicion } from './suspicion.ts';

export interface DoctorOptions extends PatientOptions {
  /** Only the probes with these names. */
  readonly only?: readonly string[] | undefined;
  /** Only what confirms this finding. */
  readonly confirm?: string | undefined;
  readonly onProbe?: OnProbe | undefined;
}

/** One visit: what was seen, what is wrong, and how long it took. */
export interface DoctorReport extends Examination {
  readonly deep: boolean;
  readonly milliseconds: number;
  /** Undefined without a go command. */
  readonly goVersion: string | undefined;
  /** Of the finding that was asked for: whether it is so. */
  readonly confirmed: boolean | undefined;
  readonly asked: string | undefined;
}

export interface Doctor {
  examine(options: DoctorOptions, signal: AbortSignal): Promise<DoctorReport>;
  /** Looks once, within some seconds, whether one finding is so now; undefined where that cannot be told cheaply. */
  confirm(
    options: Pick<PatientOptions, 'directory' | 'environment' | 'resolvers'>,
    suspicion: Suspicion,
    signal: AbortSignal,
  ): Promise<Confirmation | undefined>;
}

export function createDoctor(needs: DoctorNeeds): Doctor {
  return {
    confirm: async (options, suspicion, signal) => confirmNow(needs, options, suspicion, signal),
    async examine(options, signal) {
      const began = needs.clock.monotonicMilliseconds();
      const deep = options.deep || options.confirm !== undefined;
      const patient = await gatherPatient(needs, { ...options, deep }, signal);
      if (patient.targets.some(({ isSecure }) => isSecure)) await needs.readTrust();
      const chosen = probes.filter((probe) => isChosen(probe, { ...options, deep }));
      const examination = await runProbes(chosen, patient, needs, signal, options.onProbe);
      return {
        ...(options.confirm === undefined
          ? { ...examination, confirmed: undefined }
          : confirming(examination, options.confirm)),
        asked: options.confirm,
        deep,
        milliseconds: Math.round(needs.clock.monotonicMilliseconds() - began),
        goVersion: patient.go.version,
      };
    },
  };
}

function isChosen(
  { name, confirms, deepOnly }: Probe,
  { only, confirm, deep }: Pick<DoctorOptions, 'only' | 'confirm' | 'deep'>,
): boolean {
  if (confirm !== undefined) return canConfirm({ confirms }, confirm);
  if (only !== undefined) return only.includes(name);
  return deep || deepOnly !== true;
}

/** The finding asked for first, also where it follows from another; then what else the same probes found. */
function confirming(
  { probes, findings, hidden }: Examination,
  code: string,
): Examination & Pick<DoctorReport, 'confirmed'> {
  const all = [...findings, ...hidden];
  const asked = all.filter((finding) => isSign(finding, code));
  const others = findings.filter((finding) => !isSign(finding, code));
  return { probes, findings: [...asked, ...others], hidden: [], confirmed: asked.length > 0 };
}
