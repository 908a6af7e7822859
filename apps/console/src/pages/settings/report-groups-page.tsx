import { type JsonReportGroup, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { useLoad } from '../../platform/load.ts';
import { call, callTagged, type Tagged, useMay } from '../../platform/session.ts';
import { type Translate, useText } from '../../platform/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { tellFailure } from '../../ui/notices.tsx';
import { PageTitle } from '../../ui/page-title.tsx';
import { ProblemNote } from '../../ui/problem.tsx';
import { RemoveButton } from '../../ui/remove-button.tsx';
import { ReportGroupForm } from './report-group-form.tsx';
import { SettingsNav } from './settings-nav.tsx';

/** What terminals of profile C report, and when, group by group. */
export function ReportGroupsPage() {
  const t = useText();
  const may = useMay('operator');
  const [edited, setEdited] = useState<Tagged<JsonReportGroup> | 'new'>();
  const { data, error, reload } = useLoad((signal) => call(routes.listReportGroups, { signal }), []);
  // As it is now, whatever the page shows.
  const edit = (name: string) =>
    callTagged(routes.showReportGroup, { params: { name } }).then(setEdited).catch(tellFailure).finally(reload);
  return (
    <>
      <PageTitle text={t('reports.title')} />
      <SettingsNav current="/settings/reports" />
      <div class="section-head">
        <p class="hint">{t('reports.lead')}</p>
        {may && (
          <button type="button" class="primary" onClick={() => setEdited('new')}>
            <Icon name="plus" /> {t('reports.add')}
          </button>
        )}
      </div>
      {error !== undefined && <ProblemNote error={error} onRetry={reload} />}
      {!data && error === undefined && <p class="loading">{t('common.loading')}</p>}
      {data?.items.map((group) => (
        <GroupCard key={group.name} group={group} onEdit={() => edit(group.name)} onChanged={reload} />
      ))}
      {edited !== undefined && (
        <ReportGroupForm
          edited={edited === 'new' ? undefined : edited}
          onSaved={reload}
          onClose={() => setEdited(undefined)}
        />
      )}
    </>
  );
}

interface GroupCardProps {
  readonly group: JsonReportGroup;
  readonly onEdit: () => void;
  readonly onChanged: () => void;
}

function GroupCard({ group, onEdit, onChanged }: GroupCardProps) {
  const t = useText();
  const may = useMay('operator');
  const { name, builtIn, yieldsTo = [], rules, fields, address } = group;
  const remove = async () => {
    await call(routes.removeReportGroup, { params: { name } });
    onChanged();
  };
  return (
    <section class="card stack" aria-label={name}>
      <h2>
        {name} {builtIn && <span class="badge">{t('reports.built-in')}</span>}
      </h2>
      <dl class="facts">
        <dt>{t('reports.terminals')}</dt>
        <dd>{conditionsText(group, t)}</dd>
        {yieldsTo.length > 0 && (
          <>
            <dt>{t('reports.yields')}</dt>
            <dd>{t('reports.yields.to', { names: yieldsTo.join(', ') })}</dd>
          </>
        )}
        <dt>{t('reports.rules')}</dt>
        <dd>{t('reports.rules.text', rules)}</dd>
        <dt>{t('reports.fields')}</dt>
        <dd lang="en">{fields.join(', ') || '—'}</dd>
        {address !== undefined && (
          <>
            <dt>{t('reports.address')}</dt>
            <dd>{address}</dd>
          </>
        )}
      </dl>
      {may && (
        <div class="toolbar">
          <button type="button" aria-label={t('reports.edit', { name })} onClick={onEdit}>
            <Icon name="pencil" /> {t('reports.change')}
          </button>
          {!builtIn && (
            <RemoveButton title={t('reports.remove', { name })} question={t('reports.remove.ask')} onRemove={remove} />
          )}
        </div>
      )}
    </section>
  );
}

function conditionsText({ appKey, brand, model }: JsonReportGroup, t: Translate): string {
  const parts = [
    appKey === undefined ? '' : `appKey ${appKey}`,
    brand === undefined ? '' : `${t('reports.brand')} ${brand}`,
    model === undefined ? '' : `${t('reports.model')} ${model}`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? t('reports.all') : parts.join(' · ');
}
