import { type JsonReportGroup, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { call, type Tagged, unlessChanged } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { tellDone } from '../../ui/notices.tsx';

interface ReportGroupFormProps {
  /** As it was when somebody began to change it; absent: a new one. */
  readonly edited: Tagged<JsonReportGroup> | undefined;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

const conditions = [
  { key: 'appKey', label: 'reports.app-key', pattern: 'M[0-9]{9}', hint: 'reports.app-key.hint' },
  { key: 'brand', label: 'reports.brand', pattern: undefined, hint: undefined },
  { key: 'model', label: 'reports.model', pattern: undefined, hint: undefined },
] as const;

const rules = [
  { key: 'reportTime', label: 'reports.report-time', least: 1, most: 10_080, standard: 360 },
  { key: 'reportNum', label: 'reports.report-num', least: 1, most: 10_000, standard: 8 },
  { key: 'heartBeatTime', label: 'reports.heart-beat-time', least: 1, most: 10_080, standard: 10 },
  { key: 'retryInterval', label: 'reports.retry-interval', least: 1, most: 10_080, standard: 5 },
  { key: 'retryNum', label: 'reports.retry-num', least: 0, most: 100, standard: 3 },
] as const;

type Texts = Readonly<Record<(typeof conditions)[number]['key'] | 'name' | 'fields' | 'address', string>>;
type Numbers = Readonly<Record<(typeof rules)[number]['key'], string>>;

/** The editor of a group: its terminals, what they report and when. */
export function ReportGroupForm({ edited, onSaved, onClose }: ReportGroupFormProps) {
  const t = useText();
  const group = edited?.value;
  const [texts, setTexts] = useState<Texts>({
    ...{ name: group?.name ?? '', appKey: group?.appKey ?? '', brand: group?.brand ?? '', model: group?.model ?? '' },
    ...{ fields: group?.fields.join(', ') ?? '', address: group?.address ?? '' },
  });
  const [numbers, setNumbers] = useState<Numbers>(
    () => Object.fromEntries(rules.map(({ key, standard }) => [key, String(group?.rules[key] ?? standard)])) as Numbers,
  );
  const save = async () => {
    const { name, fields, ...given } = texts;
    const kept = Object.entries(given).filter(([, text]) => text.trim() !== '');
    const names = fields.split(/[\s,，、]+/).filter((field) => field !== '');
    const body = {
      ...Object.fromEntries(kept.map(([key, text]) => [key, text.trim()])),
      // Where nothing is named, a new group has all fields that are known.
      ...(names.length === 0 && group === undefined ? {} : { fields: names }),
      rules: Object.fromEntries(rules.map(({ key }) => [key, Number(numbers[key])])),
    };
    const unless = edited === undefined ? { ifNoneMatch: '*' as const } : unlessChanged(edited.tag);
    await call(routes.setReportGroup, { params: { name: name.trim() }, body, ...unless });
    tellDone(t('reports.saved', { name: name.trim() }));
    onSaved();
  };
  const text = (key: keyof Texts, value: string) => setTexts((before) => ({ ...before, [key]: value }));
  const title = group === undefined ? t('reports.add') : t('reports.edit', { name: group.name });
  return (
    <Dialog title={title} action={t('common.save')} onAction={save} onClose={onClose}>
      {group === undefined && (
        <label class="field">
          <span>{t('reports.name')}</span>
          <input
            value={texts.name}
            required
            maxLength={64}
            pattern="[A-Za-z0-9][A-Za-z0-9._\-]*"
            spellcheck={false}
            onInput={(event) => text('name', event.currentTarget.value)}
          />
          <small>{t('reports.name.hint')}</small>
        </label>
      )}
      <fieldset class="field group">
        <legend>{t('reports.terminals')}</legend>
        <p class="hint">{t('reports.terminals.hint')}</p>
        {conditions.map(({ key, label, pattern, hint }) => (
          <label key={key} class="field">
            <span>{t(label)}</span>
            <input
              value={texts[key]}
              maxLength={64}
              pattern={pattern}
              spellcheck={false}
              onInput={(event) => text(key, event.currentTarget.value)}
            />
            {hint !== undefined && <small>{t(hint)}</small>}
          </label>
        ))}
      </fieldset>
      {rules.map(({ key, label, least, most }) => (
        <label key={key} class="field">
          <span>{t(label)}</span>
          <input
            type="number"
            required
            min={least}
            max={most}
            value={numbers[key]}
            onInput={({ currentTarget: { value } }) => setNumbers((before) => ({ ...before, [key]: value }))}
          />
        </label>
      ))}
      <label class="field">
        <span>{t('reports.fields')}</span>
        <textarea rows={3} value={texts.fields} onInput={(event) => text('fields', event.currentTarget.value)} />
        <small>{t(group === undefined ? 'reports.fields.hint.new' : 'reports.fields.hint')}</small>
      </label>
      <label class="field">
        <span>{t('reports.address')}</span>
        <input
          value={texts.address}
          maxLength={255}
          pattern="coaps?(\+tcp)?://[^\s\/]+"
          spellcheck={false}
          onInput={(event) => text('address', event.currentTarget.value)}
        />
        <small>{t('reports.address.hint')}</small>
      </label>
    </Dialog>
  );
}
