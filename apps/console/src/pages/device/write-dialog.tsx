import { type JsonResource, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { tellDone } from '../../ui/notices.tsx';
import { requested } from './requested.ts';
import type { ResourceFacts } from './resource-facts.ts';
import { ValueField } from './value-field.tsx';
import { inputText, parseInput } from './value-input.ts';
import { parseEntries, type ValueEntry, ValuesField } from './values-field.tsx';

interface WriteDialogProps {
  readonly device: string;
  readonly facts: ResourceFacts;
  readonly present: JsonResource | undefined;
  readonly onClose: () => void;
  readonly onWritten: () => void;
}

/** Asks for the new value of a resource, in an editor of its type, and writes it. */
export function WriteDialog({ device, facts, present, onClose, onWritten }: WriteDialogProps) {
  const t = useText();
  const { path, label, type, isMultiple } = facts;
  const [text, setText] = useState(
    present?.kind === 'resource' ? inputText(present.value, type) : type === 'boolean' ? 'true' : '',
  );
  const [entries, setEntries] = useState<readonly ValueEntry[]>(entriesOf(present, facts));
  const [wasTried, setTried] = useState(false);
  const parsed = parseInput(text, type, facts.range);
  const problem = wasTried && !parsed.ok ? t(parsed.problem, { range: parsed.range ?? '' }) : undefined;
  const write = async () => {
    setTried(true);
    const body = isMultiple
      ? { values: parseEntries(entries, facts) }
      : { value: parsed.ok ? parsed.value : undefined };
    if ((body.value ?? body.values) === undefined) return false;
    const known = facts.isKnown ? {} : { type };
    const params = { device, path: path.slice(1) };
    if (await requested(call(routes.writeResource, { params, query: {}, body: { ...body, ...known } as never }))) {
      tellDone(t('resource.written', { name: label }));
      onWritten();
    }
    return true;
  };
  return (
    <Dialog title={t('resource.write', { name: label })} action={t('write.action')} onAction={write} onClose={onClose}>
      {isMultiple ? (
        <ValuesField facts={facts} entries={entries} wasTried={wasTried} onEntries={setEntries} />
      ) : (
        <ValueField {...facts} label={t('write.value')} text={text} problem={problem} onText={setText} />
      )}
    </Dialog>
  );
}

function entriesOf(present: JsonResource | undefined, { type }: ResourceFacts): readonly ValueEntry[] {
  if (present?.kind !== 'multiple-resource') return [{ id: '0', text: type === 'boolean' ? 'true' : '' }];
  return Object.entries(present.values).map(([id, value]) => ({ id, text: inputText(value, type) }));
}
