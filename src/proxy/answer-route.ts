import type { Answered } from './answered.ts';
import type { ArtifactAnswers } from './artifact-answers.ts';
import type { ChecksumAnswers } from './checksum-answers.ts';
import { recordedOf, sendRefusal } from './error-answers.ts';
import type { Refusal } from './error-answers.ts';
import { endWith, headerOf } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import type { MutableReplies } from './mutable-replies.ts';
import type { Route } from './protocol/index.ts';
import { reachOf } from './reach.ts';
import type { Reach } from './reach.ts';
import type { UpstreamChoice } from './upstream-choice.ts';

/** Who answers which kind of resource. */
export interface Answerers {
  readonly artifacts: ArtifactAnswers;
  readonly mutable: MutableReplies;
  readonly checksums: ChecksumAnswers;
}

export interface RouteNeeds {
  readonly answerers: Answerers;
  readonly upstreams: UpstreamChoice;
}

export interface RouteSettings {
  readonly offline: boolean;
  /** Names this engine in Via. */
  readonly instance: string;
}

/** Answers what the memory tier has not, by the kind of resource that the path names. */
export async function answerRoute(
  needs: RouteNeeds,
  settings: RouteSettings,
  exchange: Exchange,
  route: Route,
  trace: string,
): Promise<Answered> {
  const { answerers, upstreams } = needs;
  const via = headerOf(exchange, 'via');
  if (via?.includes(settings.instance) === true) {
    return refuse(exchange, trace, {
      status: 508,
      cause: 'this proxy is asked by itself: its upstream list leads back to it',
      next: 'take this proxy out of its own --upstream list',
    });
  }
  const reach = reachOf(exchange, settings.offline);
  switch (route.kind) {
    case 'refused':
      return refuse(exchange, trace, {
        status: route.status,
        cause: route.problem,
        next: 'the paths of a module proxy are in the Go module reference',
      });
    case 'base':
      return greet(exchange, trace);
    case 'checksum': {
      const { resource, key } = route;
      return answerers.checksums.answer({ exchange, trace, resource, key, reach });
    }
    case 'artifact': {
      const { key, path, version } = route;
      const isPrivate = upstreams.isPrivate(path);
      const artifact = { key, path, version, kind: route.artifact, isPrivate };
      const allowed = allow(upstreams, reach, path);
      return answerers.artifacts.answer({ exchange, artifact, trace, via, reach: allowed });
    }
    default: {
      const { kind, path, key } = route;
      const resource = { kind, path, key };
      const allowed = allow(upstreams, reach, path);
      return answerers.mutable.answer({ exchange, resource, trace, via, reach: allowed });
    }
  }
}

/** A path that no upstream serves is answered from the store or not at all. */
function allow(upstreams: UpstreamChoice, reach: Reach, path: string): Reach {
  if (reach !== 'upstreams' || upstreams.isServed(path)) return reach;
  return upstreams.isPrivate(path) ? 'private' : 'unserved';
}

export function refuse(exchange: Exchange, trace: string, refusal: Refusal): Answered {
  const status = sendRefusal(exchange, refusal, trace);
  return { status, outcome: 'bypass', ...recordedOf(refusal) };
}

/** GOAUTH's git mode asks HEAD on the base to see whether credentials work. */
function greet(exchange: Exchange, trace: string): Answered {
  const body = Buffer.from('This is a Go module proxy (Cofferdam). Set GOPROXY to this address.\n');
  exchange.reply.writeHead(200, [
    'Content-Type',
    'text/plain; charset=utf-8',
    'Content-Length',
    String(body.length),
    'Cofferdam-Cache',
    'bypass',
    'Cofferdam-Trace',
    trace,
  ]);
  endWith(exchange, body);
  return { status: 200, outcome: 'bypass' };
}
