import type { JsonValue } from '@yaolian/contract';
import { useText } from '../../platform/text.ts';
import { Icon } from '../../ui/icon.tsx';
import type { ResourceFacts } from './resource-facts.ts';
import { ValueField } from './value-field.tsx';
import { parseInput } from './value-input.ts';

/** One instance of a resource with instances, as it stands in the editor. */
export interface ValueEntry {
  readonly id: string;
  readonly text: string;
}

interface ValuesFieldProps {
  readonly facts: ResourceFacts;
  /** What the values are of, where nothing above says so. */
  readonly legend?: string;
  readonly entries: readonly ValueEntry[];
  readonly wasTried: boolean;
  readonly onEntries: (entries: readonly ValueEntry[]) => void;
}

/** The editor of a resource that has instances. */
export function ValuesField({ facts, legend, entries, wasTried, onEntries }: ValuesFieldProps) {
  const t = useText();
  const change = (index: number, part: Partial<ValueEntry>) =>
    onEntries(entries.map((entry, at) => (at === index ? { ...entry, ...part } : entry)));
  const add = () => {
    const next = Math.max(-1, ...entries.map((entry) => Number(entry.id) || 0)) + 1;
    onEntries([...entries, { id: String(next), text: facts.type === 'boolean' ? 'true' : '' }]);
  };
  return (
    <fieldset class="values">
      <legend>{legend ?? t('write.values')}</legend>
      {entries.map((entry, index) => {
        const parsed = parseInput(entry.text, facts.type, facts.range);
        const problem = wasTried && !parsed.ok ? t(parsed.problem, { range: parsed.range ?? '' }) : undefined;
        return (
          // By place: the number of an instance changes while it is typed
          <div key={index} class="value-entry">
            <label class="field">
              <span>{t('write.instance')}</span>
              <input
                inputMode="numeric"
                value={entry.id}
                onInput={(event) => change(index, { id: event.currentTarget.value })}
              />
            </label>
            <ValueField
              {...facts}
              label={t('write.value')}
              text={entry.text}
              problem={problem}
              onText={(text) => change(index, { text })}
            />
            <button
              type="button"
              class="quiet icon-only"
              aria-label={t('common.delete')}
              onClick={() => onEntries(entries.filter((_, at) => at !== index))}
            >
              <Icon name="close" />
            </button>
          </div>
        );
      })}
      {wasTried && !haveOwnNumbers(entries) && (
        <small class="wrong" role="alert">
          {t('input.instance')}
        </small>
      )}
      <button type="button" onClick={add}>
        <Icon name="plus" /> {t('write.add')}
      </button>
    </fieldset>
  );
}

function haveOwnNumbers(entries: readonly ValueEntry[]): boolean {
  const isNumber = ({ id }: ValueEntry) => /^\d{1,5}$/.test(id) && Number(id) <= 65534;
  return entries.every(isNumber) && new Set(entries.map(({ id }) => Number(id))).size === entries.length;
}

/** The values by instance, or undefined when one of them is not right. */
export function parseEntries(
  entries: readonly ValueEntry[],
  facts: ResourceFacts,
): Record<string, JsonValue> | undefined {
  const values: Record<string, JsonValue> = {};
  for (const { id, text } of entries) {
    const parsed = parseInput(text, facts.type, facts.range);
    if (!parsed.ok) return undefined;
    values[Number(id)] = parsed.value;
  }
  return haveOwnNumbers(entries) ? values : undefined;
}
