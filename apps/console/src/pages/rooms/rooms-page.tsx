import { routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { formatTime } from '../../platform/format.ts';
import { useMorePages } from '../../platform/more-pages.ts';
import { call, useMay } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { PageTitle } from '../../ui/page-title.tsx';
import { Section } from '../../ui/section.tsx';
import { TableHead } from '../../ui/table-head.tsx';
import { CreateDialog } from './create-dialog.tsx';
import { kindOf } from './room-kind.ts';

/** The rooms of the message server. */
export function RoomsPage() {
  const t = useText();
  const may = useMay('admin');
  const [isCreating, setCreating] = useState(false);
  const { items, next, error, more } = useMorePages((cursor) =>
    call(routes.listRooms, { query: cursor === undefined ? {} : { cursor } }),
  );
  return (
    <>
      <PageTitle text={t('rooms.title')} />
      {may && (
        <div class="toolbar">
          <button type="button" class="primary" onClick={() => setCreating(true)}>
            {t('rooms.create')}
          </button>
        </div>
      )}
      {isCreating && <CreateDialog onClose={() => setCreating(false)} />}
      <Section
        title={t('rooms.list')}
        items={items}
        error={error}
        empty={t(may ? 'rooms.empty' : 'rooms.empty.looking')}
      >
        <table>
          <TableHead
            columns={[
              t('rooms.room'),
              { wide: t('rooms.name') },
              { wide: t('rooms.kind') },
              t('rooms.people'),
              { wide: t('rooms.since') },
            ]}
          />
          <tbody>
            {items?.map((room) => (
              <tr key={room.room}>
                <th scope="row">
                  <a href={`/rooms/${encodeURIComponent(room.room)}`}>{room.room}</a>
                </th>
                <td class="wide">{room.name || '—'}</td>
                <td class="wide">{kindOf(room, t)}</td>
                <td>{room.occupants}</td>
                <td class="wide">{formatTime(room.createdAt)}</td>
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
    </>
  );
}
