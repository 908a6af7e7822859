import type { Random } from '@yaolian/kernel';
import { Appliance, type ApplianceKind, approach } from './appliance.ts';
import { between, oneOf } from './panel.ts';

const temperature = '/3303/0/5700';
const setPoint = '/3308/0/5900';
const isOn = '/3306/0/5850';
const fan = '/3306/0/5851';
const mode = '/3306/0/5853';
const degrees = 'Cel';

/** Cools, heats, or only blows; the room drifts to what is outside. */
class AirConditioner extends Appliance {
  readonly #outside: number;
  #room: number;

  constructor(serial: string, random: Random) {
    super('air-conditioner', serial, random);
    this.#outside = 28 + 6 * random.fraction();
    this.#room = this.#outside - 1;
    const { panel } = this;
    panel.shows(temperature, this.#room);
    panel.shows('/3303/0/5701', degrees);
    panel.takes(setPoint, 24, between(16, 30, degrees));
    panel.shows('/3308/0/5701', degrees);
    panel.takes(isOn, false);
    panel.takes(fan, 50, between(0, 100, '%'));
    panel.takes(mode, 'cool', oneOf('cool', 'heat', 'fan', 'auto'));
  }

  get status(): string {
    const { panel } = this;
    const doing = panel.isOn(isOn) ? `${panel.text(mode)} to ${panel.text(setPoint)} °C` : 'off';
    return `${panel.text(temperature)} °C, ${doing}`;
  }

  protected work(elapsed: number): number {
    const { panel } = this;
    if (!panel.isOn(isOn)) return 0;
    const speed = panel.number(fan) / 100;
    const goal = panel.number(setPoint);
    const gap = goal - this.#room;
    const how = panel.text(mode);
    const cools = gap < -0.1 && how !== 'heat';
    const heats = gap > 0.1 && how !== 'cool';
    if (how === 'fan' || !(cools || heats)) return 40 * speed;
    // It blows colder, or warmer, than what it is to reach.
    const blown = approach(this.#room, goal + (cools ? -4 : 4), elapsed, 480 / (0.3 + speed));
    this.#room = cools ? Math.max(goal, blown) : Math.min(goal, blown);
    return 40 * speed + Math.min(1100, 250 + 300 * Math.abs(gap));
  }

  protected drift(elapsed: number): void {
    this.#room = approach(this.#room, this.#outside, elapsed, 3600);
    this.panel.put(temperature, this.#room);
  }

  protected restart(): void {
    this.panel.put(isOn, false);
  }
}

/** A tank that keeps its water warm, and loses some when somebody showers. */
class WaterHeater extends Appliance {
  #water: number;
  #isHeating = false;

  constructor(serial: string, random: Random) {
    super('water-heater', serial, random);
    this.#water = 20 + 20 * random.fraction();
    const { panel } = this;
    panel.shows(temperature, this.#water);
    panel.shows('/3303/0/5701', degrees);
    panel.takes(setPoint, 55, between(30, 75, degrees));
    panel.shows('/3308/0/5701', degrees);
    panel.takes(isOn, true);
    panel.takes(mode, 'comfort', oneOf('eco', 'comfort', 'boost'));
  }

  get status(): string {
    const { panel } = this;
    const doing = panel.isOn(isOn) ? `${this.#isHeating ? 'heating' : 'keeping'} ${panel.text(setPoint)} °C` : 'off';
    return `${panel.text(temperature)} °C, ${doing}`;
  }

  protected work(elapsed: number): number {
    const { panel } = this;
    // A thermostat has two points, or it would click all the time.
    const goal = panel.number(setPoint) - (panel.text(mode) === 'eco' ? 5 : 0);
    if (this.#water < goal - 2) this.#isHeating = true;
    if (this.#water >= goal || !panel.isOn(isOn)) this.#isHeating = false;
    if (!this.#isHeating) return 0;
    const watts = panel.text(mode) === 'boost' ? 3000 : 1500;
    // 60 litres take 251 kJ for each degree.
    this.#water = Math.min(goal, this.#water + (watts * elapsed) / 251_000);
    return watts;
  }

  protected drift(elapsed: number): void {
    this.#water = approach(this.#water, 20, elapsed, 86_400);
    // Somebody showers some three times a day.
    if (this.random.fraction() < (3 * elapsed) / 86_400) this.#water = Math.max(15, this.#water - 15);
    this.panel.put(temperature, this.#water);
  }

  protected restart(): void {
    this.#isHeating = false;
  }
}

const freezer = '/3303/1/5700';
const freezerSetPoint = '/3308/1/5900';
const door = '/3200/0/5500';

/** A refrigerator with a freezer and a door that is opened now and then. */
class Refrigerator extends Appliance {
  #cold = 6;
  #frozen = -15;
  #openFor = 0;

  constructor(serial: string, random: Random) {
    super('refrigerator', serial, random);
    const { panel } = this;
    for (const [instance, value, goal, range] of [
      [0, this.#cold, 4, between(2, 8, degrees)],
      [1, this.#frozen, -18, between(-24, -14, degrees)],
    ] as const) {
      panel.shows(`/3303/${instance}/5700`, value);
      panel.shows(`/3303/${instance}/5701`, degrees);
      panel.shows(`/3303/${instance}/5750`, instance === 0 ? 'refrigerator' : 'freezer');
      panel.takes(`/3308/${instance}/5900`, goal, range);
      panel.shows(`/3308/${instance}/5701`, degrees);
    }
    panel.takes(isOn, true);
    panel.takes(mode, 'normal', oneOf('normal', 'holiday', 'quick-freeze'));
    panel.shows(door, false);
    panel.shows('/3200/0/5501', 0);
    panel.shows('/3200/0/5750', 'door');
  }

  get status(): string {
    const { panel } = this;
    const off = panel.isOn(isOn) ? '' : ', off';
    return `${panel.text(temperature)} °C and ${panel.text(freezer)} °C${off}, door ${panel.isOn(door) ? 'open' : 'closed'}`;
  }

  protected work(elapsed: number): number {
    const { panel } = this;
    if (!panel.isOn(isOn)) return 0;
    const goal = panel.text(mode) === 'holiday' ? 12 : panel.number(setPoint);
    const frozen = panel.text(mode) === 'quick-freeze' ? -26 : panel.number(freezerSetPoint);
    const runs = this.#cold > goal + 0.1 || this.#frozen > frozen + 0.1;
    if (!runs) return 4;
    if (this.#cold > goal) this.#cold = approach(this.#cold, goal - 1, elapsed, 900);
    if (this.#frozen > frozen) this.#frozen = approach(this.#frozen, frozen - 1, elapsed, 1200);
    return panel.text(mode) === 'quick-freeze' ? 150 : 90;
  }

  protected drift(elapsed: number): void {
    const { panel } = this;
    const wasOpen = this.#openFor > 0;
    this.#openFor = Math.max(0, this.#openFor - elapsed);
    // Somebody is hungry every half an hour.
    if (!wasOpen && this.random.fraction() < elapsed / 1800) {
      this.#openFor = 10 + 30 * this.random.fraction();
      panel.put('/3200/0/5501', panel.number('/3200/0/5501') + 1);
    }
    this.#cold = approach(this.#cold, 22, elapsed, wasOpen ? 600 : 20_000);
    this.#frozen = approach(this.#frozen, 22, elapsed, 60_000);
    panel.put(door, this.#openFor > 0);
    panel.put(temperature, this.#cold);
    panel.put(freezer, this.#frozen);
  }

  protected restart(): void {
    this.panel.put(mode, 'normal');
  }
}

const duration = '/3340/0/5521';
const start = '/3340/0/5523';
const remaining = '/3340/0/5538';
const level = fan;

/** Warms something up for a while. */
class Microwave extends Appliance {
  #left = 0;
  #food = 20;

  constructor(serial: string, random: Random) {
    super('microwave', serial, random);
    const { panel } = this;
    panel.takes(duration, 60, between(1, 3600, 's'));
    panel.shows(remaining, 0);
    panel.does(start, () => this.#start());
    panel.shows('/3340/0/5543', false);
    panel.takes(isOn, false);
    panel.takes(level, 100, between(10, 100, '%'));
    panel.takes(mode, 'warm', oneOf('warm', 'defrost', 'grill'));
    panel.shows(temperature, this.#food);
    panel.shows('/3303/0/5701', degrees);
    panel.shows('/3303/0/5750', 'food');
  }

  get status(): string {
    const { panel } = this;
    return this.#left > 0
      ? `${panel.text(mode)} at ${panel.text(level)} %, ${panel.text(remaining)} s to go`
      : `idle, ${panel.text(temperature)} °C`;
  }

  #start(): void {
    if (this.hasFault) throw new RangeError('it has a fault: reset its error first');
    this.#left = this.panel.number(duration);
    this.panel.put(isOn, true);
    this.#show();
  }

  #show(): void {
    this.panel.put(remaining, this.#left);
    this.panel.put('/3340/0/5543', this.#left > 0);
  }

  protected work(elapsed: number): number {
    const { panel } = this;
    // Switched on by hand: as long as the timer says.
    if (panel.isOn(isOn) && this.#left === 0) this.#left = panel.number(duration);
    if (!panel.isOn(isOn)) this.#left = 0;
    const heated = Math.min(elapsed, this.#left);
    this.#left = Math.max(0, this.#left - elapsed);
    const share = (panel.number(level) / 100) * (panel.text(mode) === 'defrost' ? 0.3 : 1);
    this.#food = Math.min(100, this.#food + heated * share * 0.8);
    if (this.#left === 0) panel.put(isOn, false);
    this.#show();
    return heated > 0 ? 1200 * share : 2;
  }

  protected drift(elapsed: number): void {
    this.#food = approach(this.#food, 20, elapsed, 900);
    this.panel.put(temperature, this.#food);
  }

  protected restart(): void {
    this.panel.put(isOn, false);
  }
}

const makers: Readonly<Record<ApplianceKind, new (serial: string, random: Random) => Appliance>> = {
  'air-conditioner': AirConditioner,
  'water-heater': WaterHeater,
  refrigerator: Refrigerator,
  microwave: Microwave,
};

/** @param random the same numbers make the same appliance */
export function createAppliance(kind: ApplianceKind, serial: string, random: Random): Appliance {
  return new makers[kind](serial, random);
}
