import { because, routes } from '@yaolian/contract';
import { type OperatorAccounts, otpauthUri, type SecondFactors } from '@yaolian/directory';
import { renderSVG } from 'uqr';
import type { RouteTable } from '../http/mount.ts';
import { Refusal } from '../http/refusal.ts';
import { refusalOf } from './access.ts';
import { optionalTime } from './times.ts';

/** The second factor of whoever asks, and taking it from somebody who lost it. */
export function addSecondFactorRoutes(table: RouteTable, accounts: OperatorAccounts, factors: SecondFactors): void {
  const requirePassword = async (name: string, password: string, address: string) => {
    const refusal = await accounts.confirmPassword({ name, password, address });
    if (refusal !== undefined) throw refusalOf(refusal);
  };
  table.add(routes.showSecondFactor, async ({ actor }) => {
    const { since, recoveryCodes } = await factors.state(actor!.operator);
    return { ...optionalTime('since', since), recoveryCodes };
  });
  table.add(routes.beginSecondFactor, async ({ actor, address, body }) => {
    const { operator } = actor!;
    await requirePassword(operator, body.password, address);
    const secret = await factors.begin(operator);
    if (secret === undefined) throw new Refusal('conflict', because('second-factor-exists'));
    const uri = otpauthUri('Yaolian', operator, secret);
    return { secret, uri, qrSvg: renderSVG(uri, { border: 2 }) };
  });
  table.add(routes.confirmSecondFactor, async ({ actor, body }) => {
    const confirmed = await factors.confirm(actor!.operator, body.code);
    if (!confirmed.ok) throw refusalOf(confirmed.error);
    return { recoveryCodes: [...confirmed.value] };
  });
  table.add(routes.removeSecondFactor, async ({ actor, address, body }) => {
    await requirePassword(actor!.operator, body.password, address);
    if (!(await factors.remove(actor!.operator))) throw noFactor();
  });
  table.add(routes.resetSecondFactor, async ({ params }) => {
    if (!(await factors.remove(params.name))) throw noFactor();
  });
}

function noFactor(): Refusal {
  return new Refusal('not-found', { detail: 'There is no second factor.' });
}
