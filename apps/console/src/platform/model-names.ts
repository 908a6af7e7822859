import { type ModelNames, type NamesOfModel, namesFrom, ownNames } from './names-of-model.ts';
import { Store, useStore } from './store.ts';
import { language } from './text.ts';

const chinese = new Store<ModelNames | undefined>(undefined);
const registry = new Store<ReadonlyMap<string, string> | undefined>(undefined);
let isRegistryAskedFor = false;

/** Loaded when somebody reads Chinese: the first load does not have them. Without them names stay English. */
function load(): void {
  if (language.value !== 'zh' || chinese.value !== undefined) return;
  Promise.all([import('../catalogue/object-names.zh.ts'), import('../catalogue/resource-names.zh.ts')]).then(
    ([objects, resources]) => chinese.set({ ...objects, ...resources }),
    () => undefined, // the next change of the language tries again
  );
}

/** Most people see few objects, which have no resource of these: they are loaded when one of them is shown for the first time. */
function registryName(name: string): string | undefined {
  if (registry.value === undefined && !isRegistryAskedFor) {
    isRegistryAskedFor = true;
    import('../catalogue/registry-names.zh.ts').then(
      ({ registryNames }) => registry.set(new Map(Object.entries(registryNames))),
      () => {
        isRegistryAskedFor = false; // the next name tries again
      },
    );
  }
  return registry.value?.get(name);
}

/** {@link NamesOfModel} of this moment. */
export function modelNames(): NamesOfModel {
  const names = chinese.value;
  return language.value === 'zh' && names !== undefined ? namesFrom(names, registryName) : ownNames;
}

/** {@link NamesOfModel} for components: they are drawn again when the language changes, or its names have come. */
export function useModelNames(): NamesOfModel {
  useStore(language);
  useStore(chinese);
  useStore(registry);
  return modelNames();
}

language.watch(load);
load();
