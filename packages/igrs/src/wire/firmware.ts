import { element, type XmlElement } from '@yaolian/xmpp';
import { raNamespaces } from '../namespaces.ts';

const ns = raNamespaces.firmware;

/** `waiting`: for the device, or for the next attempt; the last three are final. */
export const firmwarePhases = ['waiting', 'delivering', 'installing', 'succeeded', 'failed', 'cancelled'] as const;

export type FirmwarePhase = (typeof firmwarePhases)[number];

/** An update of the firmware of a device, under way or over. */
export interface FirmwareProgress {
  readonly id: string;
  readonly phase: FirmwarePhase;
  /** The version that the device is to have. */
  readonly to?: string | undefined;
  /** Why it failed, a stable word: `integrity`, `not-enough-storage`, … */
  readonly failure?: string | undefined;
}

/** What firmware a device has, and what its operator offers its owners. */
export interface FirmwareState {
  /** What the device said last (3/0/3). */
  readonly version?: string | undefined;
  /** What the platform has for it, if that is another one. */
  readonly offer?: string | undefined;
  /** The last update, whoever began it. */
  readonly update?: FirmwareProgress | undefined;
}

/** `<firmware xmlns='urn:yaolian:ra:1:firmware' version='1.0' offer='2.0'><update id='…' phase='installing' to='2.0'/></firmware>` */
export function encodeFirmwareState({ version, offer, update }: FirmwareState): XmlElement {
  return element('firmware', ns, { version, offer }, ...(update === undefined ? [] : [encodeFirmwareProgress(update)]));
}

/** @param device its address, in a push */
export function encodeFirmwareProgress({ id, phase, to, failure }: FirmwareProgress, device?: string): XmlElement {
  return element('update', ns, { device, id, phase, to, failure });
}

/** Undefined when it is none. */
export function decodeFirmwareState(payload: XmlElement | undefined): FirmwareState | undefined {
  if (payload?.is('firmware', ns) !== true) return undefined;
  const { version, offer } = payload.attributes;
  return { version, offer, update: decodeFirmwareProgress(payload.child('update', ns)) };
}

/** Undefined when it is none. */
export function decodeFirmwareProgress(payload: XmlElement | undefined): FirmwareProgress | undefined {
  if (payload?.is('update', ns) !== true) return undefined;
  const { id, to, failure } = payload.attributes;
  const phase = firmwarePhases.find((one) => one === payload.attribute('phase'));
  return id === undefined || phase === undefined ? undefined : { id, phase, to, failure };
}
