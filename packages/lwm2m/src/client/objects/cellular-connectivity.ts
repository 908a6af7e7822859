import { Code } from '@yaolian/coap';
import { CellularConnectivity } from '@yaolian/lwm2m-objects/core-references';
import { type DeclaredInstance, type HookAnswer, type InstanceOptions, instance } from '../object-instance.ts';
import type { Lwm2mVersion } from '../operations/read.ts';
import { refuse } from '../refusal.ts';
import type { InstanceValues } from '../typed-values.ts';
import { ofRelease } from './release.ts';

export type CellularConnectivityInstance = DeclaredInstance<typeof CellularConnectivity>;

/** Bits of resources 12 and 13. */
export const PowerSavingMode = { Psm: 1, Edrx: 2 } as const;

/** 3GPP TS 24.008: T3412 extended lasts at most 31 units of 320 h, T3324 at most 31 units of 6 min. */
const longestPsmTimer = 31 * 320 * 3_600;
const longestActiveTimer = 31 * 360;

/**
 * The Cellular Connectivity object (10): timers of Power Saving Mode, eDRX, and which modes are active. Modes that the terminal
 * does not support are not activated; `options.onWrite` hears of the rest.
 */
export function cellularConnectivity(
  values: InstanceValues<typeof CellularConnectivity> = {},
  options: InstanceOptions<typeof CellularConnectivity> = {},
  release: Lwm2mVersion = '1.1',
): CellularConnectivityInstance {
  const edrx = Object.fromEntries(
    edrxNames.map((name) => [name, withOneByte(options.onWrite?.[name] ?? (() => {}))] as const),
  );
  const { onWrite } = options;
  const checks: InstanceOptions<typeof CellularConnectivity>['onWrite'] = {
    psmTimer: (value, self) => bounded('PSM Timer', value, longestPsmTimer) ?? onWrite?.psmTimer?.(value, self),
    activeTimer: (value, self) =>
      bounded('Active Timer', value, longestActiveTimer) ?? onWrite?.activeTimer?.(value, self),
    activePowerSavingModes: (value, self) =>
      supported(Number(value), self) ?? onWrite?.activePowerSavingModes?.(value, self),
    releaseAssistanceIndicationUsage: (value, self) =>
      usage(Number(value)) ?? onWrite?.releaseAssistanceIndicationUsage?.(value, self),
  };
  return instance(
    ofRelease(CellularConnectivity, release),
    { activatedProfileNames: [], ...values },
    { ...options, onWrite: { ...onWrite, ...edrx, ...checks } },
  );
}

type OpaqueHook = (value: Uint8Array, self: CellularConnectivityInstance) => HookAnswer;

/** 3GPP TS 24.008 §10.5.5.32: the paging time window and the cycle, four bits each. */
function withOneByte(hook: OpaqueHook): OpaqueHook {
  return (value, self) =>
    value.length === 1
      ? hook(value, self)
      : refuse(Code.BadRequest, `eDRX parameters are one byte, not ${value.length}`);
}

const edrxNames = [
  'edrxParametersForIuMode',
  'edrxParametersForWbS1Mode',
  'edrxParametersForNbS1Mode',
  'edrxParametersForAGbMode',
] as const;

function bounded(name: string, value: number | bigint, longest: number): HookAnswer {
  if (value < 0 || value > longest) return refuse(Code.BadRequest, `${name} is 0 to ${longest} seconds`);
}

function supported(modes: number, self: CellularConnectivityInstance): HookAnswer {
  const all = Number(self.get('supportedPowerSavingModes') ?? 0);
  if ((modes & ~all) === 0) return;
  return refuse(Code.BadRequest, `the terminal supports the power saving modes in ${all}, and ${modes} has others`);
}

/** The third bit is there only together with the second. */
function usage(bits: number): HookAnswer {
  if (bits > 7 || ((bits & 4) !== 0 && (bits & 2) === 0))
    return refuse(Code.BadRequest, 'release assistance is 0 to 7, with the second bit wherever the third is');
}
