import type { DeviceResources } from '@yaolian/igrs/client';
import type { Random } from '@yaolian/kernel';
import { Panel } from './panel.ts';

/** What ISO/IEC 14543-5-102 (GB/T 29265.404) manages from afar. */
export const applianceKinds = ['air-conditioner', 'water-heater', 'refrigerator', 'microwave'] as const;

export type ApplianceKind = (typeof applianceKinds)[number];

export const applianceVendor = 'Yaolian';

export const applianceModels: Readonly<Record<ApplianceKind, string>> = {
  'air-conditioner': 'Breeze 26',
  'water-heater': 'Spring 60',
  refrigerator: 'Glacier 300',
  microwave: 'Instant 20',
};

/** Power, in watts, and what it used up, in watt-hours. */
const power = '/3305/0/5800';
const energy = '/3305/0/5805';
/** 0: no error; 8: peripheral malfunction (OMA's Device object). */
const errorCode = '/3/0/11/0';
const malfunction = 8;

/** A simulated appliance: what all have in common. Time passes in {@link step} only. */
export abstract class Appliance {
  readonly vendor = applianceVendor;
  readonly deviceType: ApplianceKind;
  readonly model: string;
  protected readonly panel = new Panel();
  protected readonly random: Random;

  constructor(deviceType: ApplianceKind, serial: string, random: Random) {
    this.deviceType = deviceType;
    this.model = applianceModels[deviceType];
    this.random = random;
    const { panel } = this;
    panel.shows('/3/0/0', this.vendor);
    panel.shows('/3/0/1', this.model);
    panel.shows('/3/0/2', serial);
    panel.shows('/3/0/3', '1.0');
    panel.shows('/3/0/17', deviceType);
    panel.shows(errorCode, 0);
    panel.does('/3/0/4', () => this.restart());
    panel.does('/3/0/12', () => panel.put(errorCode, 0));
    panel.shows(power, 0);
    panel.shows(energy, 0);
    panel.does('/3305/0/5822', () => panel.put(energy, 0));
  }

  get resources(): DeviceResources {
    return this.panel.resources();
  }

  get hasFault(): boolean {
    return this.panel.text(errorCode) !== '0';
  }

  /** Something breaks; it stands still until its error is reset. */
  breakDown(): void {
    this.panel.put(errorCode, malfunction);
  }

  /** So many seconds pass. */
  step(elapsed: number): void {
    const watts = this.hasFault ? 0 : this.work(elapsed);
    this.drift(elapsed);
    this.panel.put(power, watts);
    this.#used += (watts * elapsed) / 3600;
    this.panel.put(energy, this.#used);
  }

  #used = 0;

  /** One line about how it is. */
  abstract get status(): string;

  /** What it does in that time. @returns the watts that it draws */
  protected abstract work(elapsed: number): number;

  /** What happens to it whether it works or not. */
  protected abstract drift(elapsed: number): void;

  protected abstract restart(): void;
}

/** Where `value` is after `elapsed` seconds on its way to `goal`, by Newton's law of cooling. */
export function approach(value: number, goal: number, elapsed: number, timeConstant: number): number {
  return goal + (value - goal) * Math.exp(-elapsed / timeConstant);
}
