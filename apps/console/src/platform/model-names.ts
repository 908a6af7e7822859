import { Store, useStore } from './store.ts';
import { language } from './text.ts';

/** Names of one language in the place of the object model's own, which are English. */
export interface ModelNames {
  readonly objectNames: Readonly<Record<number, string>>;
  readonly resourceNames: Readonly<Record<string, string>>;
}

const chinese = new Store<ModelNames | undefined>(undefined);

/** Loaded when somebody reads Chinese: the first load does not have them. Without them names stay English. */
function load(): void {
  if (language.value !== 'zh' || chinese.value !== undefined) return;
  import('../catalogue/object-names.zh.ts').then(
    (names) => chinese.set(names),
    () => undefined, // the next change of the language tries again
  );
}

/** What objects and resources are called in the language chosen now. */
export interface NamesOfModel {
  /** @param name the object model's own */
  object(id: number, name: string | undefined): string | undefined;
  /** @param path of a resource: `/3303/0/5700`, also behind a gateway: `/d01/3303/0/5700` */
  resource(path: string, name: string | undefined): string | undefined;
}

const own: NamesOfModel = { object: (_id, name) => name, resource: (_path, name) => name };

/** Names by a table, and the object model's own for what the table does not have. */
export function namesFrom({ objectNames, resourceNames }: ModelNames): NamesOfModel {
  return {
    object: (id, name) => objectNames[id] ?? name,
    resource: (path, name) => {
      const [, object, resource] = /(?:^|\/)(\d+)\/\d+\/(\d+)$/.exec(path) ?? [];
      return resourceNames[`${object}/${resource}`] ?? resourceNames[resource ?? ''] ?? name;
    },
  };
}

/** {@link NamesOfModel} of this moment. */
export function modelNames(): NamesOfModel {
  const names = chinese.value;
  return language.value === 'zh' && names !== undefined ? namesFrom(names) : own;
}

/** {@link NamesOfModel} for components: they are drawn again when the language changes, or its names have come. */
export function useModelNames(): NamesOfModel {
  useStore(language);
  useStore(chinese);
  return modelNames();
}

language.watch(load);
load();
