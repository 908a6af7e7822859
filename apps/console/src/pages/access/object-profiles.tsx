import { routes } from '@yaolian/contract';
import { formatTime } from '../../platform/format.ts';
import { useMorePages } from '../../platform/more-pages.ts';
import { call, useMay } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { LongText } from '../../ui/long-text.tsx';
import { tellDone } from '../../ui/notices.tsx';
import { RemoveButton } from '../../ui/remove-button.tsx';
import { Section } from '../../ui/section.tsx';
import { TableHead } from '../../ui/table-head.tsx';

/** What Profile IDs stand for, by which devices of LwM2M 1.2 register instead of sending their lists of objects. */
export function ObjectProfiles() {
  const t = useText();
  const may = useMay('operator');
  const { items, next, error, more, reload } = useMorePages((cursor) =>
    call(routes.listProfiles, { query: { limit: 200, ...(cursor === undefined ? {} : { cursor }) } }),
  );
  const forget = async (id: string) => {
    await call(routes.forgetProfile, { params: { id } });
    tellDone(t('object-profiles.forgotten', { id }));
    reload();
  };
  return (
    <Section title={t('object-profiles.title')} items={items} error={error} empty={t('object-profiles.empty')}>
      <p class="hint">{t('object-profiles.lead')}</p>
      <table class="object-profiles">
        <TableHead columns={[t('object-profiles.id'), t('object-profiles.list')]} hasActions={may} />
        <tbody>
          {items?.map(({ id, objectLinks, learnedAt }) => (
            <tr key={id}>
              <th scope="row" class="any-break">
                {id}
                <small>{t('object-profiles.since', { time: formatTime(learnedAt) })}</small>
              </th>
              <td>
                <code class="block">
                  <LongText text={objectLinks} />
                </code>
              </td>
              {may && (
                <td class="row-actions">
                  <RemoveButton
                    title={t('object-profiles.forget', { id })}
                    question={t('object-profiles.forget.ask')}
                    action={t('object-profiles.forget.action')}
                    onRemove={() => forget(id)}
                  />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {next !== undefined && (
        <button type="button" onClick={more}>
          {t('common.more')}
        </button>
      )}
    </Section>
  );
}
