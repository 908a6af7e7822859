import type { UpdateFailure, UpdateJob } from './update-job.ts';
import { failed, grace, lost, type UpdateStep, wait } from './update-plan.ts';

/** An instance of the Software Management object (9), as it was read. */
export interface SoftwareView {
  /** 9/x/7 */
  readonly state: number;
  /** 9/x/9 */
  readonly result: number;
  /** 9/x/1 */
  readonly version: string | undefined;
  /** 9/x/12 */
  readonly active: boolean;
}

const State = { Initial: 0, DownloadStarted: 1, Downloaded: 2, Delivered: 3, Installed: 4 } as const;

/** What the results of 9/x/9 mean, and whether another attempt may help. */
const failures: ReadonlyMap<number, readonly [UpdateFailure, again: boolean]> = new Map([
  [50, ['not-enough-storage', false]],
  [51, ['out-of-memory', true]],
  [52, ['connection-lost', true]],
  [53, ['integrity', true]],
  [54, ['unsupported-type', false]],
  [56, ['invalid-uri', false]],
  [57, ['update-failed', false]],
  [58, ['update-failed', false]],
  [59, ['uninstallation-failed', false]],
]);

/** Results from here on are errors. */
const firstError = 50;

/**
 * What to do with a job of a software component, from what the device shows (OMA-TS-LWM2M_SwMgmt 1.0 §6): what is there of it is
 * uninstalled for the update, the package is delivered, installed and activated. As {@link planUpdate}, it needs no memory but the job.
 */
export function planSoftware(job: UpdateJob, view: SoftwareView, now: number): UpdateStep {
  switch (job.phase) {
    case 'waiting':
      return planStart(job, view);
    case 'delivering':
      return planDelivery(job, view, now);
    default:
      return planInstallation(job, view, now);
  }
}

function planStart({ toVersion }: UpdateJob, { state, result, version, active }: SoftwareView): UpdateStep {
  switch (state) {
    case State.Initial:
      return { step: 'deliver' };
    case State.Delivered:
      return { step: 'uninstall', forUpdate: false };
    case State.Installed:
      if (toVersion !== undefined && version === toVersion) return active ? { step: 'succeed' } : { step: 'activate' };
      if (result === 59) return failed(failures, result);
      return { step: 'uninstall', forUpdate: true };
    default:
      return wait('another package is being transferred');
  }
}

function planDelivery(job: UpdateJob, { state, result }: SoftwareView, now: number): UpdateStep {
  switch (state) {
    case State.DownloadStarted:
    case State.Downloaded:
      return wait('the package is being transferred');
    case State.Delivered:
      return { step: 'execute' };
    case State.Installed:
      // An Install whose answer was lost.
      return { ...wait('the package is being installed'), installing: true };
    default:
      if (result >= firstError) return failed(failures, result);
      return now - job.phaseAt < grace ? wait('the device has not begun yet') : lost();
  }
}

function planInstallation({ toVersion, phaseAt }: UpdateJob, view: SoftwareView, now: number): UpdateStep {
  const { state, result, version, active } = view;
  if (result >= firstError) return failed(failures, result);
  if (state === State.Installed) {
    if (toVersion !== undefined && version !== toVersion)
      return { step: 'fail', failure: 'wrong-version', again: true };
    return active ? { step: 'succeed' } : { step: 'activate' };
  }
  // The object shows nothing of an installation under way.
  if (state === State.Delivered || now - phaseAt < grace) return wait('the package is being installed');
  return { step: 'fail', failure: 'update-failed', again: true };
}
