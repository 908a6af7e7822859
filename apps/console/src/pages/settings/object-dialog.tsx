import { type JsonObjectDefinition, type JsonObjectSummary, routes } from '@yaolian/contract';
import { useLoad } from '../../platform/load.ts';
import { useModelNames } from '../../platform/model-names.ts';
import { call } from '../../platform/session.ts';
import { type Translate, useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { ProblemNote } from '../../ui/problem.tsx';
import { TableHead } from '../../ui/table-head.tsx';

interface ObjectDialogProps {
  readonly object: JsonObjectSummary;
  readonly onClose: () => void;
}

/** An object with its resources. */
export function ObjectDialog({ object: { id, version, name, source }, onClose }: ObjectDialogProps) {
  const t = useText();
  const names = useModelNames();
  const { data, error } = useLoad(
    (signal) => call(routes.showObject, { params: { id }, query: { version }, signal }),
    [id, version],
  );
  const title = source === 'user' ? name : (names.object(id, name) ?? name);
  return (
    <Dialog
      title={`${title} (${id}) ${version}`}
      action={t('common.close')}
      isTold
      onAction={async () => {}}
      onClose={onClose}
    >
      {error !== undefined && <ProblemNote error={error} />}
      {!data && error === undefined && <p class="loading">{t('common.loading')}</p>}
      {data && <Definition definition={data} />}
    </Dialog>
  );
}

/** What a definition says, and what it replaces. */
export function Definition({ definition }: { readonly definition: JsonObjectDefinition }) {
  const t = useText();
  const names = useModelNames();
  const { id: object, resources, source, urn, multiple, mandatory } = definition;
  return (
    <>
      <p>
        <code>{urn}</code> · {instancesText({ multiple, mandatory }, t)}
      </p>
      <Replaces definition={definition} />
      <table>
        <TableHead
          columns={[
            t('objects.resource'),
            t('objects.operations'),
            t('objects.type'),
            { wide: t('objects.unit') },
            { wide: t('objects.range') },
            { wide: t('objects.instances') },
          ]}
        />
        <tbody>
          {resources.map((one) => (
            <tr key={one.id}>
              <th scope="row">
                {source === 'user' ? one.name : (names.resource(`/${object}/0/${one.id}`, one.name) ?? one.name)}{' '}
                <small>{one.id}</small>
              </th>
              <td>{one.operations}</td>
              <td>{one.type === 'none' ? '—' : one.type}</td>
              <td class="wide">{one.units ?? '—'}</td>
              <td class="wide">{one.range ?? '—'}</td>
              <td class="wide">{instancesText(one, t)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function instancesText(
  { multiple, mandatory }: { readonly multiple: boolean; readonly mandatory: boolean },
  t: Translate,
): string {
  const count = t(multiple ? 'objects.several' : 'objects.one');
  return mandatory ? count : `${count} · ${t('objects.optional')}`;
}

/** What a definition that was added has otherwise than that of the registry in whose place it is. */
function Replaces({ definition: { replaces } }: { readonly definition: JsonObjectDefinition }) {
  const t = useText();
  if (replaces === undefined) return null;
  const { name, differences } = replaces;
  return (
    <>
      <p>
        {t('objects.replaces', { name })} {differences.length === 0 && t('objects.same')}
      </p>
      {differences.length > 0 && (
        <table>
          <TableHead columns={[t('objects.resource'), t('objects.was'), t('objects.is')]} />
          <tbody>
            {differences.map(({ resource, was, is }) => (
              <tr key={resource}>
                <th scope="row">{resource}</th>
                <td>{was}</td>
                <td>{is}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
