import { type DeviceResource, DeviceResources } from '@yaolian/igrs/client';
import { omaObjects } from '@yaolian/lwm2m-objects';

type Value = string | number | boolean;

/** What an appliance shows and lets be set: values by paths, named and typed by the registry of objects. */
export class Panel {
  readonly #values = new Map<string, string>();
  readonly #resources: Record<string, DeviceResource> = {};
  #table: DeviceResources | undefined;

  /** A value that only the appliance changes. */
  shows(path: string, first: Value): void {
    this.#put(path, first);
    this.#resources[path] = { ...described(path), get: () => this.text(path) };
  }

  /** A value that users set too. @param check throws a RangeError with a sentence when the appliance cannot do that */
  takes(path: string, first: Value, check: (text: string) => void = () => {}): void {
    this.shows(path, first);
    const set = (text: string) => {
      check(text);
      this.put(path, this.#resources[path]!.type === 'boolean' ? text === 'true' || text === '1' : text);
    };
    this.#resources[path] = { ...this.#resources[path]!, set };
  }

  /** Something that it does. */
  does(path: string, run: (args: string) => void): void {
    this.#resources[path] = { ...described(path), execute: run };
  }

  /** Another value; numbers are shown with one digit after the point at most. */
  put(path: string, value: Value): void {
    if (this.#put(path, value)) this.#table?.changed(path);
  }

  text(path: string): string {
    return this.#values.get(path) ?? '';
  }

  number(path: string): number {
    return Number(this.text(path));
  }

  isOn(path: string): boolean {
    return this.text(path) === 'true';
  }

  /** As a device has them; call it when everything is described. */
  resources(): DeviceResources {
    this.#table ??= new DeviceResources(this.#resources);
    return this.#table;
  }

  #put(path: string, value: Value): boolean {
    const text = typeof value === 'number' ? String(Math.round(value * 10) / 10) : String(value);
    const isNew = this.#values.get(path) !== text;
    this.#values.set(path, text);
    return isNew;
  }
}

function described(path: string): DeviceResource {
  const [, objectId, , resourceId] = path.split('/').map(Number);
  const known = omaObjects.object(objectId!)?.resources.get(resourceId!);
  return {
    type: known?.type ?? 'string',
    ...(known === undefined ? {} : { name: known.name }),
    ...(known?.units ? { unit: known.units } : {}),
  };
}

/** A check of {@link Panel.takes}: a number within bounds. */
export function between(least: number, most: number, unit: string): (text: string) => void {
  return (text) => {
    if (!(Number(text) >= least && Number(text) <= most)) {
      throw new RangeError(`it takes ${least} to ${most} ${unit}, not ${text.slice(0, 40)}`);
    }
  };
}

/** A check of {@link Panel.takes}: one of some words. */
export function oneOf(...words: readonly string[]): (text: string) => void {
  return (text) => {
    if (!words.includes(text)) throw new RangeError(`it knows ${words.join(', ')}, not "${text.slice(0, 40)}"`);
  };
}
