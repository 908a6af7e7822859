import type { UpdateFailure, UpdateJob } from './update-job.ts';

/** The Firmware Update object of a device as it was read, and its firmware version. */
export interface FirmwareView {
  /** 5/0/3 */
  readonly state: number;
  /** 5/0/5 */
  readonly result: number;
  /** 5/0/8; undefined: the device does not say. */
  readonly protocols: readonly number[] | undefined;
  /** 5/0/9 */
  readonly delivery: number | undefined;
  /** 3/0/3 */
  readonly version: string | undefined;
  /** Resource ids of object 5 that it has. */
  readonly resources: ReadonlySet<number>;
}

/** What is to be done next. */
export type UpdateStep =
  | { readonly step: 'reset' | 'deliver' | 'execute' | 'activate' | 'succeed' }
  | { readonly step: 'uninstall'; readonly forUpdate: boolean }
  | { readonly step: 'wait'; readonly note: string; readonly installing?: boolean }
  | { readonly step: 'fail'; readonly failure: UpdateFailure; readonly again: boolean };

const State = { Idle: 0, Downloading: 1, Downloaded: 2, Updating: 3 } as const;

/** What a device may need until it shows what it was told, in milliseconds. */
export const grace = 20_000;

/** What the results of 5/0/5 mean, and whether another attempt may help. */
const firmwareFailures: ReadonlyMap<number, readonly [UpdateFailure, again: boolean]> = new Map([
  [2, ['not-enough-storage', false]],
  [3, ['out-of-memory', true]],
  [4, ['connection-lost', true]],
  [5, ['integrity', true]],
  [6, ['unsupported-type', false]],
  [7, ['invalid-uri', false]],
  [8, ['update-failed', false]],
  [9, ['unsupported-protocol', false]],
  [10, ['cancelled-by-device', false]],
]);

const deferred = 11;

/**
 * What to do with a job, from what the device shows (OMA-TS-LightweightM2M_Core 1.1 §E.6). It needs no memory of what was done
 * before besides the job: a restart of the platform, a reboot of the device and a lost notification are all the same to it.
 */
export function planUpdate(job: UpdateJob, view: FirmwareView, now: number): UpdateStep {
  switch (job.phase) {
    case 'waiting':
      return planStart(job, view);
    case 'delivering':
      return planDelivery(job, view, now);
    default:
      return planInstallation(job, view, now);
  }
}

function planStart({ toVersion }: UpdateJob, { state, version }: FirmwareView): UpdateStep {
  if (toVersion !== undefined && version === toVersion && state === State.Idle) return { step: 'succeed' };
  if (state === State.Idle) return { step: 'deliver' };
  if (state === State.Updating) return wait('another update is being installed');
  return { step: 'reset' };
}

function planDelivery(job: UpdateJob, view: FirmwareView, now: number): UpdateStep {
  const { state, result, version } = view;
  if (state === State.Downloading) return wait('the package is being transferred');
  if (state === State.Downloaded) return { step: 'execute' };
  // Automatic Upgrade (1.2), or an Update whose answer was lost.
  if (state === State.Updating) return { ...wait('the package is being installed'), installing: true };
  if (result >= 2) return failed(firmwareFailures, result);
  if (isUpdated(job, version) && result === 1) return { step: 'succeed' };
  return now - job.phaseAt < grace ? wait('the device has not begun yet') : lost();
}

function planInstallation(job: UpdateJob, view: FirmwareView, now: number): UpdateStep {
  const { state, result, version } = view;
  const isNew = now - job.phaseAt < grace;
  if (state === State.Updating) return wait('the package is being installed');
  if (state === State.Downloading) return wait('the device fetches a package again');
  if (state === State.Downloaded) {
    if (result === deferred) return wait('the user put the update off');
    if (result >= 2) return failed(firmwareFailures, result);
    return isNew ? wait('the device has not begun to install yet') : { step: 'execute' };
  }
  if (result === 1) return { step: 'succeed' };
  if (result >= 2) return failed(firmwareFailures, result);
  // It rebooted and forgot the result; the version tells.
  if (isUpdated(job, version)) return { step: 'succeed' };
  return isNew
    ? wait('the device came back with its old version')
    : { step: 'fail', failure: 'wrong-version', again: true };
}

function isUpdated({ toVersion, fromVersion }: UpdateJob, version: string | undefined): boolean {
  if (version === undefined) return false;
  return toVersion === undefined ? version !== fromVersion : version === toVersion;
}

export function wait(note: string): UpdateStep & { readonly step: 'wait' } {
  return { step: 'wait', note };
}

export function lost(): UpdateStep {
  return { step: 'fail', failure: 'connection-lost', again: true };
}

export function failed(
  failures: ReadonlyMap<number, readonly [UpdateFailure, again: boolean]>,
  result: number,
): UpdateStep {
  const [failure, again] = failures.get(result) ?? (['unknown-result', false] as const);
  return { step: 'fail', failure, again };
}

/** Protocols of 5/0/8 by scheme. */
const protocolNumbers: Readonly<Record<string, number>> = {
  coap: 0,
  coaps: 1,
  http: 2,
  https: 3,
  'coap+tcp': 4,
  'coaps+tcp': 5,
};

/**
 * How a package comes to a device: what it takes (5/0/8, 5/0/9), what we have, what the operator wishes.
 * @param schemes where we have the package, the best first
 * @returns `push`, a scheme, or undefined when nothing fits
 */
export function chooseDelivery(
  wish: UpdateJob['wish'],
  view: Pick<FirmwareView, 'protocols' | 'delivery'>,
  schemes: readonly string[],
): string | undefined {
  const { protocols = [0], delivery = 2 } = view;
  const pull = delivery === 1 ? undefined : schemes.find((scheme) => protocols.includes(protocolNumbers[scheme] ?? -1));
  const push = delivery === 0 ? undefined : 'push';
  if (wish === 'push') return push;
  return wish === 'pull' ? pull : (pull ?? push);
}
