import type { ComponentChildren } from 'preact';
import { useId, useRef } from 'preact/hooks';
import { useChosenInView } from './chosen-in-view.ts';

interface TabsProps<T extends string> {
  readonly label: string;
  readonly tabs: readonly { readonly name: T; readonly title: string }[];
  readonly chosen: T;
  readonly onChoose: (name: T) => void;
  /** The panel of the chosen tab. */
  readonly children: ComponentChildren;
}

/** Tabs as the ARIA Authoring Practices have them: arrow keys go from one to the next, Home and End to the first and the last. */
export function Tabs<T extends string>({ label, tabs, chosen, onChoose, children }: TabsProps<T>) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  useChosenInView(list, chosen);
  const onKeyDown = (event: KeyboardEvent) => {
    const index = tabs.findIndex(({ name }) => name === chosen);
    const last = tabs.length - 1;
    const keys = {
      ArrowRight: index === last ? 0 : index + 1,
      ArrowLeft: index <= 0 ? last : index - 1,
      Home: 0,
      End: last,
    };
    const next = (keys as Readonly<Record<string, number>>)[event.key];
    if (next === undefined) return;
    event.preventDefault();
    onChoose(tabs[next]!.name);
    list.current?.querySelectorAll('button')[next]?.focus();
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={onKeyDown} tabIndex={-1}>
        {tabs.map(({ name, title }) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`${id}-${name}`}
            aria-selected={name === chosen}
            aria-controls={`${id}-panel`}
            tabIndex={name === chosen ? 0 : -1}
            onClick={() => onChoose(name)}
          >
            {title}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${chosen}`}>
        {children}
      </div>
    </>
  );
}
