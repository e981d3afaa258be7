export const HIDDEN = '[hidden]';

/**
 * What is secret as a whole, by how its maker writes it. Each takes all of a run of its characters, or a bounded
 * piece of it, so that no text is read more than a few times.
 */
const TOKENS: readonly RegExp[] = [
  /\bgh[pousr]_\w{16,255}/,
  /\bgithub_pat_\w{20,255}/,
  /\bgl(?:pat|ptt|dt|rt|cbt|ft|imt|agent|soat|ffct|oas)-[\w.-]{10,255}/,
  /\bGR1348941[\w-]{16,60}/,
  /\b(?:AKIA|ASIA|AGPA|AROA|ABIA|ACCA)[A-Z0-9]{12,20}\b/,
  /\bAIza[\w-]{30,60}/,
  /\bya29\.[\w.-]{10,1000}/,
  /\bGOCSPX-[\w-]{20,60}/,
  /\b1\/\/0[\w-]{30,200}/,
  /\b[\w~.-]{3}[78]Q~[\w~.-]{30,40}/,
  /\bxox[abeoprs]-[\w-]{8,255}/,
  /\bxapp-[\w-]{8,255}/,
  /\bhooks\.slack\.com\/(?:services|workflows)\/[\w/]{8,255}/,
  /\bdiscord(?:app)?\.com\/api\/webhooks\/\d{5,25}\/[\w-]{20,100}/,
  /\b[\w.-]{1,60}\.webhook\.office\.com\/[\w@/-]{20,300}/,
  /\bopen\.(?:feishu\.cn|larksuite\.com)\/open-apis\/bot\/v2\/hook\/[\w-]{16,60}/,
  /\bsk-[\w-]{16,255}/,
  /\b(?:sk|rk|pk)_(?:live|test)_\w{8,255}/,
  /\bwhsec_\w{16,100}/,
  /\bnpm_\w{20,255}/,
  /\bpypi-[\w-]{16,255}/,
  /\brubygems_[a-f0-9]{32,64}/,
  /\bdckr_(?:pat|oat)_[\w-]{10,255}/,
  /\bhv[sbr]\.[\w-]{16,255}/,
  /\bs\.[A-Za-z0-9]{24}\b/,
  /\bATATT[\w=-]{20,400}/,
  /\bATBB\w{20,100}/,
  /\bATCTT[\w=-]{20,400}/,
  /\bSG\.[\w-]{10,100}\.[\w-]{10,100}/,
  /\bdo[por]_v1_[a-f0-9]{20,100}/,
  /\bdapi[a-f0-9]{32}\b/,
  /\bhf_[A-Za-z0-9]{30,60}/,
  /\bAKCp[A-Za-z0-9]{20,100}/,
  /\bcmVmd[A-Za-z0-9+/=]{20,100}/,
  /\b(?:bkua|bkpt|bkct)_\w{16,100}/,
  /\bCCI(?:PAT|PRJ)_\w{16,100}/,
  /\bgl(?:sa|c)_[\w=+/-]{20,400}/,
  /\bsntry[su]_[\w=+/-]{20,400}/,
  /\bpul-[a-f0-9]{40}\b/,
  /\b\w{14}\.atlasv1\.[\w-]{50,90}/,
  /\bAGE-SECRET-KEY-1[A-Z0-9]{50,70}/,
  /\b\d{8,10}:AA[\w-]{33}\b/,
  /\bPRIVATE KEY-----[^]{0,8000}/,
];

/** All in one, so that a text is read once. */
const ANY_TOKEN = new RegExp(TOKENS.map(({ source }) => source).join('|'), 'g');

/** Three parts with dots, the first of which begins with `{"` in base64. */
const JWT = /\beyJ[\w-]{8,}(?:\.[\w-]*)*/g;
/** A line of a key without its head: base64 of the length in which keys are written. */
const BASE64_LINE = /(?<![\w+/=:.@-])[A-Za-z0-9+/]{60,}={0,2}(?![\w+/=.@-])/g;

/** Hides tokens that tell by their form what they are. */
export function hideTokens(text: string): string {
  let hidden = text.replaceAll(ANY_TOKEN, HIDDEN);
  if (hidden.includes('eyJ')) {
    hidden = hidden.replaceAll(JWT, (run) => (run.includes('.') ? HIDDEN : run));
  }
  return hidden.replaceAll(BASE64_LINE, (run) => (isKeyMaterial(run) ? HIDDEN : run));
}

/** Not a hash in hexadecimal digits, not the path of a file. */
function isKeyMaterial(run: string): boolean {
  const isMixed = /[a-z]/.test(run) && /[A-Z]/.test(run) && /[0-9]/.test(run);
  return isMixed && run.split('/').length <= 2 + run.length / 20;
}
