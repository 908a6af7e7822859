import type { RaValue } from '@yaolian/igrs';
import { type Home, type HomeDevice, Refused, type RemoteDevice } from '@yaolian/igrs/client';
import { make } from './dom.ts';
import { type TextName, text } from './texts.ts';

export type State = 'online' | 'sleeping' | 'offline';

/** Object instances that a card shows at most. */
const mostShown = 6;
/** Objects of a device's own affairs: servers, access, connection, firmware. */
const firstObjectOfThings = 3200;
/** What people set (OMA registry): On/Off, Dimmer, Set Point. */
const settable = new Set(['5850', '5851', '5900']);
/** What they look at first: Sensor Value, Digital Input State, Counter, Instantaneous and Cumulative Active Power. */
const main = new Set([...settable, '5700', '5500', '5501', '5800', '5805']);
/** Sensor Units: the unit of what else its instance has. */
const unitsResource = '5701';

/** A device on the page: whether it is there, its values as they change, and controls for what can be set. */
export class DeviceCard {
  readonly element: HTMLElement;
  readonly #device: RemoteDevice;
  readonly #state = make('span', { class: 'state' });
  readonly #values = make('dl');
  readonly #note = make('p', { class: 'note', role: 'status' });
  readonly #shown = new Map<string, (value: RaValue) => void>();
  /** By object instance. */
  readonly #units = new Map<string, string>();

  constructor(home: Home, { device, name, state }: HomeDevice) {
    this.#device = home.device(device);
    const title = make('h2', {}, name || device.split('@')[0]!);
    this.element = make('article', {}, make('header', {}, title, this.#state), this.#values, this.#note);
    if (state === 'pending') this.#note.textContent = text('pending');
  }

  /** Asks what the device has, and for every value as it changes. */
  async load(): Promise<void> {
    try {
      const { state, instances } = await this.#device.describe();
      this.setState(state);
      const things = instances.filter((path) => Number(path.split('/')[1]) >= firstObjectOfThings).slice(0, mostShown);
      for (const path of things) await this.#watch(path);
    } catch (error) {
      if (error instanceof Refused && error.condition === 'recipient-unavailable') this.setState('offline');
      else this.#tell(error);
    }
  }

  setState(state: State): void {
    this.#state.textContent = text(state);
    this.#state.dataset['state'] = state;
  }

  /** The main ones among these values; where none is, all. */
  show(values: readonly RaValue[]): void {
    for (const { path, text: unit } of values) {
      if (resourceOf(path) === unitsResource) this.#units.set(instanceOf(path), unit);
    }
    const mains = values.filter(({ path }) => main.has(resourceOf(path)));
    for (const value of mains.length > 0 ? mains : values.filter(({ text: shown }) => shown !== '')) {
      const show = this.#shown.get(value.path) ?? this.#addValue(value);
      show({ ...value, unit: value.unit || this.#units.get(instanceOf(value.path)) });
    }
  }

  /** No more values of an instance come: those that stand there are old. */
  end(): void {
    this.#values.replaceChildren();
    this.#shown.clear();
    this.#note.textContent = text('ended');
  }

  async #watch(path: string): Promise<void> {
    const answer = await this.#device.observe(path);
    if (answer.kind === 'values') this.show(answer.values);
    else if (answer.kind === 'queued') this.#note.textContent = text('queued');
  }

  #addValue({ path, name, type }: RaValue): (value: RaValue) => void {
    const label = name ?? path;
    const place = make('dd');
    this.#values.append(make('div', {}, make('dt', {}, label), place));
    const show = settable.has(resourceOf(path)) ? this.#control(place, path, type, label) : showText(place);
    this.#shown.set(path, show);
    return show;
  }

  #control(place: HTMLElement, path: string, type: string, label: string): (value: RaValue) => void {
    const isSwitch = type === 'boolean';
    const input = make('input', { type: isSwitch ? 'checkbox' : 'number', step: 'any', 'aria-label': label });
    let last = '';
    const show = ({ text: now }: Pick<RaValue, 'text'>) => {
      last = now;
      if (isSwitch) input.checked = now === 'true' || now === '1';
      else input.value = now;
    };
    input.addEventListener('change', async () => {
      try {
        const outcome = await this.#device.write(path, isSwitch ? input.checked : input.value);
        this.#note.textContent = outcome === 'queued' ? text('queued') : '';
      } catch (error) {
        show({ text: last });
        this.#tell(error);
      }
    });
    place.append(input);
    return show;
  }

  #tell(error: unknown): void {
    const name: TextName = error instanceof Refused ? 'refused' : 'unreachable';
    const why = error instanceof Refused ? (error.text ?? error.condition) : '';
    this.#note.textContent = why === '' ? text(name) : `${text(name)}: ${why}`;
  }
}

const resourceOf = (path: string): string => path.split('/')[3] ?? '';
const instanceOf = (path: string): string => path.split('/').slice(0, 3).join('/');

function showText(place: HTMLElement): (value: RaValue) => void {
  return ({ text: value, unit, type }) => {
    const number = type === 'float' ? Number(value).toLocaleString(undefined, { maximumFractionDigits: 2 }) : value;
    place.textContent = unit === undefined || unit === '' ? number : `${number} ${unit === 'Cel' ? '°C' : unit}`;
  };
}
