import { type ModelNames, type NamesOfModel, namesFrom, ownNames } from './names-of-model.ts';
import { Store, useStore } from './store.ts';
import { language } from './text.ts';

const chinese = new Store<ModelNames | undefined>(undefined);

/** Loaded when somebody reads Chinese: the first load does not have them. Without them names stay English. */
function load(): void {
  if (language.value !== 'zh' || chinese.value !== undefined) return;
  Promise.all([import('../catalogue/object-names.zh.ts'), import('../catalogue/resource-names.zh.ts')]).then(
    ([objects, resources]) => chinese.set({ ...objects, ...resources }),
    () => undefined, // the next change of the language tries again
  );
}

/** {@link NamesOfModel} of this moment. */
export function modelNames(): NamesOfModel {
  const names = chinese.value;
  return language.value === 'zh' && names !== undefined ? namesFrom(names) : ownNames;
}

/** {@link NamesOfModel} for components: they are drawn again when the language changes, or its names have come. */
export function useModelNames(): NamesOfModel {
  useStore(language);
  useStore(chinese);
  return modelNames();
}

language.watch(load);
load();
