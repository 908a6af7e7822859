import { because, type JsonOperator, routes } from '@yaolian/contract';
import type { Operator, OperatorAccounts, SecondFactors } from '@yaolian/directory';
import { hasCode } from '@yaolian/kernel';
import { pageOfAll } from '../http/cursor.ts';
import type { RouteTable } from '../http/mount.ts';
import { Refusal } from '../http/refusal.ts';
import { timeToJson } from './times.ts';

/** Who may log in. */
export function addOperatorRoutes(
  table: RouteTable,
  accounts: OperatorAccounts,
  factors: Pick<SecondFactors, 'isOn'>,
): void {
  const toJson = async ({ name, role, createdAt, passwordChangedAt }: Operator): Promise<JsonOperator> => ({
    ...{ name, role, createdAt: timeToJson(createdAt), passwordChangedAt: timeToJson(passwordChangedAt) },
    secondFactor: await factors.isOn(name),
  });
  table.add(routes.listOperators, async ({ query }) => {
    const page = pageOfAll(await accounts.operators(), query, ({ name }) => name, toJson);
    return { ...page, items: await Promise.all(page.items) };
  });
  table.add(routes.addOperator, async ({ body }) =>
    toJson(await accounts.addOperator(body).catch((error) => asConflict(error, body.name))),
  );
  table.add(routes.showOperator, async ({ params: { name } }) => {
    const operator = (await accounts.operators()).find((one) => one.name === name);
    if (operator === undefined) throw refusalOf(name);
    return toJson(operator);
  });
  table.add(routes.changeOperator, async ({ params: { name }, body, actor }) => {
    if (name === actor!.operator) throw new Refusal('conflict', because('operator-change-is-you'));
    const changed = await accounts.changeOperator(name, body);
    if (changed === 'last-admin') throw new Refusal('conflict', because('last-admin'));
    if (changed === undefined) throw refusalOf(name);
    return toJson(changed);
  });
  table.add(routes.removeOperator, async ({ params: { name }, actor }) => {
    // There is always an admin left: whoever removes is one.
    if (name === actor!.operator) throw new Refusal('conflict', because('operator-is-you'));
    if (!(await accounts.removeOperator(name))) throw refusalOf(name);
  });
}

function refusalOf(name: string): Refusal {
  return new Refusal('not-found', { detail: `There is no operator "${name}".` });
}

function asConflict(error: unknown, name: string): never {
  if (!hasCode(error, 'OPERATOR_EXISTS')) throw error;
  throw new Refusal('conflict', because('operator-exists', { name }));
}
