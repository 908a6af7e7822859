import { StanzaError } from '@yaolian/xmpp';
import { raNamespaces } from '../namespaces.ts';
import { featureOfPath, type RaValue } from '../wire/data.ts';

/** One resource of a device. What it is not given it cannot do. */
export interface DeviceResource {
  /** As in {@link RaValue}. */
  readonly type: string;
  readonly name?: string;
  readonly unit?: string;
  /** Its value as text. */
  readonly get?: () => string;
  /** Takes a value that is of the resource's type. @throws RangeError with a sentence when it does not fit */
  readonly set?: (text: string) => void | Promise<void>;
  /** @throws RangeError with a sentence when it cannot be done */
  readonly execute?: (args: string) => void | Promise<void>;
}

/** What a device has, by paths of LwM2M: `{ '/3303/0/5700': { type: 'float', unit: 'Cel', get: () => '21.5' } }` */
export class DeviceResources {
  readonly #resources: ReadonlyMap<string, DeviceResource>;
  readonly #listeners = new Set<(path: string) => void>();

  /** @throws RangeError when a path is none of a resource */
  constructor(resources: Readonly<Record<string, DeviceResource>>) {
    for (const path of Object.keys(resources)) {
      if (!/^(\/\d{1,5}){3,4}$/.test(path)) throw new RangeError(`"${path}" is no path of a resource: /3303/0/5700`);
    }
    this.#resources = new Map(Object.entries(resources));
  }

  /** Namespaces that the device understands. */
  get features(): readonly string[] {
    const objects = [...this.#resources.keys()].map(featureOfPath);
    return [...new Set([raNamespaces.device, raNamespaces.data, ...objects])];
  }

  /** `/3303/0`, … */
  get instances(): readonly string[] {
    return [...new Set([...this.#resources.keys()].map((path) => path.split('/').slice(0, 3).join('/')))];
  }

  /** Every value at or under the path that can be read, or why there is none. */
  read(path: string): readonly RaValue[] | StanzaError {
    const here = this.#under(path);
    if (here.length === 0) return nothingAt(path);
    const values = here.flatMap(([at, resource]) => readable(at, resource) ?? []);
    return values.length > 0 ? values : new StanzaError('not-allowed', `${path} is not readable`);
  }

  async write(path: string, text: string): Promise<StanzaError | undefined> {
    const resource = this.#resources.get(path);
    if (resource === undefined) return this.#noResource(path);
    const { set, type } = resource;
    if (set === undefined) return new StanzaError('not-allowed', `${path} is not writable`);
    if (!isOfType(type, text)) return new StanzaError('not-acceptable', `"${text.slice(0, 40)}" is no ${type}`);
    return trying(() => set(text));
  }

  async execute(path: string, args: string): Promise<StanzaError | undefined> {
    const resource = this.#resources.get(path);
    if (resource === undefined) return this.#noResource(path);
    const { execute } = resource;
    if (execute === undefined) return new StanzaError('not-allowed', `${path} is not executable`);
    return trying(() => execute(args));
  }

  /** Tells that a resource has another value. */
  changed(...paths: readonly string[]): void {
    for (const path of paths) for (const listener of this.#listeners) listener(path);
  }

  /** @returns stops listening */
  listen(listener: (path: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #under(path: string): readonly (readonly [string, DeviceResource])[] {
    return [...this.#resources].filter(([at]) => isUnder(at, path));
  }

  #noResource(path: string): StanzaError {
    return this.#under(path).length === 0
      ? nothingAt(path)
      : new StanzaError('bad-request', `${path} is no resource: one at a time`);
  }
}

/** Whether `path` is at or below `ancestor`. */
export function isUnder(path: string, ancestor: string): boolean {
  return path === ancestor || path.startsWith(`${ancestor}/`);
}

function readable(path: string, { get, type, name, unit }: DeviceResource): RaValue | undefined {
  return get === undefined ? undefined : { path, type, text: get(), name, unit };
}

function nothingAt(path: string): StanzaError {
  return new StanzaError('item-not-found', `there is nothing at ${path}`);
}

async function trying(work: () => void | Promise<void>): Promise<StanzaError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof RangeError) return new StanzaError('not-acceptable', error.message);
    throw error;
  }
}

const forms: Readonly<Record<string, RegExp>> = {
  integer: /^[+-]?\d{1,19}$/,
  unsigned: /^\d{1,20}$/,
  float: /^[+-]?(?:\d{1,300}(?:\.\d{0,300})?|\.\d{1,300})(?:[eE][+-]?\d{1,3})?$/,
  boolean: /^(?:true|false|1|0)$/,
};

function isOfType(type: string, text: string): boolean {
  return forms[type]?.test(text) ?? true;
}
