import type { OutgoingRequest } from '@yaolian/coap';
import { formatPaths, type Lwm2mPath } from '../path.ts';

/** What an observation is of. */
export interface Target {
  readonly paths: readonly Lwm2mPath[];
  /** As records have it. */
  readonly text: string;
}

/** Beyond so many, all are forgotten, and shared anew from then on. */
const maximumShared = 4_096;

/** Makes equal targets and requests one object: a fleet of 100,000 is observed in a handful of ways. */
export class SharedTargets {
  readonly #targets = new Map<string, Target>();
  readonly #requests = new Map<string, OutgoingRequest>();

  target(paths: readonly Lwm2mPath[]): Target {
    const text = formatPaths(paths);
    return share(this.#targets, text, { paths, text });
  }

  /** Requests with a payload are as various as what they ask for, and stay as they are. */
  request(request: OutgoingRequest): OutgoingRequest {
    const { method, path = [], accept, query = [], payload } = request;
    if (payload !== undefined) return request;
    return share(this.#requests, JSON.stringify([method, path, accept, query]), request);
  }
}

function share<T>(known: Map<string, T>, key: string, value: T): T {
  const shared = known.get(key);
  if (shared !== undefined) return shared;
  if (known.size >= maximumShared) known.clear();
  known.set(key, value);
  return value;
}
