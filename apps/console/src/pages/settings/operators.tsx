import { type JsonOperator, type Role, roles, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { allPages } from '../../platform/all-pages.ts';
import { formatTime } from '../../platform/format.ts';
import { useLoad } from '../../platform/load.ts';
import { call, callTagged, session, type Tagged, unlessChanged } from '../../platform/session.ts';
import { useStore } from '../../platform/store.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { tellDone, tellFailure } from '../../ui/notices.tsx';
import { PasswordField } from '../../ui/password-field.tsx';
import { RemoveButton } from '../../ui/remove-button.tsx';
import { Section } from '../../ui/section.tsx';
import { TableHead } from '../../ui/table-head.tsx';

/** As the contract has it. */
const operatorName = '[a-z0-9][a-z0-9._\\-]{0,63}';

export function Operators() {
  const t = useText();
  const present = useStore(session);
  const own = typeof present === 'object' ? present.operator : undefined;
  const [isAdding, setAdding] = useState(false);
  const [changed, setChanged] = useState<Tagged<JsonOperator>>();
  const { data, error, reload } = useLoad(
    (signal) => allPages((query) => call(routes.listOperators, { query, signal })),
    [],
  );
  const remove = (name: string) => async () => {
    await call(routes.removeOperator, { params: { name } });
    reload();
  };
  // As it is now, whatever the page shows.
  const change = (name: string) =>
    callTagged(routes.showOperator, { params: { name } }).then(setChanged).catch(tellFailure).finally(reload);
  const add = (
    <button type="button" onClick={() => setAdding(true)}>
      <Icon name="plus" /> {t('operators.add')}
    </button>
  );
  return (
    <Section title={t('operators.title')} action={add} items={data?.items} error={error} empty="">
      <table>
        <TableHead
          columns={[
            t('operators.name'),
            t('tokens.role'),
            { wide: t('second-factor.title') },
            { wide: t('operators.since') },
          ]}
          hasActions
        />
        <tbody>
          {data?.items.map((operator) => {
            const { name, role, createdAt, secondFactor } = operator;
            return (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td class="whole">{t(`role.${role}`)}</td>
                <td class="wide">{t(secondFactor ? 'common.yes' : 'common.no')}</td>
                <td class="wide">{formatTime(createdAt)}</td>
                <td class="row-actions">
                  {name !== own && (
                    <>
                      <button
                        type="button"
                        class="quiet icon-only"
                        aria-label={t('operators.change', { name })}
                        title={t('operators.change', { name })}
                        onClick={() => change(name)}
                      >
                        <Icon name="pencil" />
                      </button>
                      <RemoveButton
                        title={t('operators.remove', { name })}
                        question={t('operators.remove.ask')}
                        onRemove={remove(name)}
                      />
                    </>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {changed && <ChangeOperator edited={changed} onClose={() => setChanged(undefined)} onChanged={reload} />}
      {isAdding && <NewOperator onClose={() => setAdding(false)} onAdded={reload} />}
    </Section>
  );
}

function NewOperator({ onClose, onAdded }: { readonly onClose: () => void; readonly onAdded: () => void }) {
  const t = useText();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [password, setPassword] = useState('');
  const add = async () => {
    await call(routes.addOperator, { body: { name: name.trim(), role, password } });
    tellDone(t('operators.added', { name }));
    onAdded();
  };
  return (
    <Dialog title={t('operators.add')} action={t('common.add')} onAction={add} onClose={onClose}>
      <label class="field">
        <span>{t('operators.name')}</span>
        <input
          value={name}
          required
          maxLength={64}
          pattern={operatorName}
          autocomplete="off"
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <small>{t('operators.name.hint')}</small>
      </label>
      <RoleField role={role} onRole={setRole} />
      <PasswordField
        label={t('operators.password')}
        value={password}
        onValue={setPassword}
        minLength={12}
        hint={t('operators.password.hint')}
      />
    </Dialog>
  );
}

interface ChangeOperatorProps {
  readonly edited: Tagged<JsonOperator>;
  readonly onClose: () => void;
  readonly onChanged: () => void;
}

/** For who has another task now, forgot the password, or lost what shows the codes. */
function ChangeOperator({ edited, onClose, onChanged }: ChangeOperatorProps) {
  const t = useText();
  const [kept, setKept] = useState(edited);
  const operator = kept.value;
  const { name } = operator;
  const [role, setRole] = useState<Role>(operator.role);
  const [password, setPassword] = useState('');
  const [dropsFactor, setDropsFactor] = useState(false);
  const change = async () => {
    const body = {
      ...(role === operator.role ? {} : { role }),
      ...(password === '' ? {} : { password }),
    };
    const isChanged = Object.keys(body).length > 0;
    const params = { name };
    if (isChanged) {
      const value = await call(routes.changeOperator, { params, body, ...unlessChanged(kept.tag) });
      // What is saved is not saved again, nor taken for a change by somebody else, should the rest fail.
      setKept({ value, tag: undefined });
      setPassword('');
      onChanged();
      if (dropsFactor) setKept(await callTagged(routes.showOperator, { params }));
    }
    if (dropsFactor) await call(routes.resetSecondFactor, { params });
    tellDone(t('operators.changed', { name }));
    onChanged();
  };
  return (
    <Dialog title={t('operators.change', { name })} action={t('password.action')} onAction={change} onClose={onClose}>
      <RoleField role={role} onRole={setRole} hint={t('operators.role.hint')} />
      <PasswordField
        label={t('password.new')}
        value={password}
        onValue={setPassword}
        minLength={12}
        isOptional
        hint={t('operators.password.new.hint')}
      />
      {operator.secondFactor && (
        <label class="check">
          <input
            type="checkbox"
            checked={dropsFactor}
            onChange={(event) => setDropsFactor(event.currentTarget.checked)}
          />
          {t('operators.second-factor.drop')}
        </label>
      )}
    </Dialog>
  );
}

interface RoleFieldProps {
  readonly role: Role;
  readonly onRole: (role: Role) => void;
  readonly hint?: string;
}

function RoleField({ role, onRole, hint }: RoleFieldProps) {
  const t = useText();
  return (
    <label class="field">
      <span>{t('tokens.role')}</span>
      <select value={role} onChange={(event) => onRole(event.currentTarget.value as Role)}>
        {roles.map((one) => (
          <option key={one} value={one}>
            {t(`role.${one}`)}
          </option>
        ))}
      </select>
      {hint !== undefined && <small>{hint}</small>}
    </label>
  );
}
