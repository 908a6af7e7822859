import { routes } from '@yaolian/contract';
import { formatTime } from '../../platform/format.ts';
import { useMorePages } from '../../platform/more-pages.ts';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Section } from '../../ui/section.tsx';
import { TableHead } from '../../ui/table-head.tsx';

/** Everybody who has an account. */
export function Users() {
  const t = useText();
  const { items, next, error, more } = useMorePages((cursor) =>
    call(routes.listUsers, { query: { kind: 'user', ...(cursor === undefined ? {} : { cursor }) } }),
  );
  return (
    <Section title={t('remote.users')} items={items} error={error} empty={t('remote.users.empty')}>
      <table>
        <TableHead
          columns={[t('remote.user'), t('remote.state'), { wide: t('remote.nick') }, { wide: t('remote.since') }]}
        />
        <tbody>
          {items?.map(({ name, nick, createdAt, disabledAt }) => (
            <tr key={name}>
              <th scope="row">
                <a href={`/people/${encodeURIComponent(name)}`}>{name}</a>
              </th>
              <td>{t(disabledAt === undefined ? 'remote.state.good' : 'remote.state.disabled')}</td>
              <td class="wide">{nick ?? '—'}</td>
              <td class="wide">{formatTime(createdAt)}</td>
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
