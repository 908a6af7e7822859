import type { CodeRenewal, RemovedAssociations } from '@yaolian/directory';
import type { Storage } from '@yaolian/storage';

/** Told once an account is gone from the disk. */
export type AccountGone = (account: string) => void | Promise<void>;

/** Told what goes with an account, while that is decided: what is stored in that moment goes to disk with it. Must not throw. */
export type AccountDeciding = (
  account: string,
  associations: RemovedAssociations,
  renewal: CodeRenewal | undefined,
) => void;

type AccountStorage = Pick<
  Storage,
  'raAccounts' | 'raDevices' | 'associations' | 'im' | 'expectations' | 'homeNews' | 'together'
>;

/**
 * The one way in which an account goes, through whatever door: with its rosters and messages, its device, bindings, friends,
 * permissions and verification code. Who takes the name later inherits nothing.
 */
export class AccountRemoval {
  readonly #storage: AccountStorage;
  readonly #listeners: AccountGone[] = [];
  readonly #deciding: AccountDeciding[] = [];
  /** Of the codes of devices whose last owner goes. */
  renewal: ((account: string) => CodeRenewal | undefined) | undefined;
  readonly #before: ((account: string) => Promise<void>)[] = [];

  constructor(storage: AccountStorage) {
    this.#storage = storage;
  }

  /** Done before the account goes: cut short, the account is still there. */
  before(work: (account: string) => Promise<void>): void {
    this.#before.push(work);
  }

  deciding(listener: AccountDeciding): void {
    this.#deciding.push(listener);
  }

  listen(listener: AccountGone): void {
    this.#listeners.push(listener);
  }

  /** False when there is no such account; what may be left of one goes all the same. */
  async remove(account: string): Promise<boolean> {
    const { raAccounts, raDevices, associations, im, expectations, homeNews } = this.#storage;
    for (const work of this.#before) await work(account);
    const renewal = this.renewal?.(account);
    let asked: Promise<readonly [boolean, ...unknown[]]> | undefined;
    const made = this.#storage.together(() => {
      asked = Promise.all([
        raAccounts.removeAccount(account),
        associations.removeAccount(
          account,
          (gone) => {
            for (const decide of this.#deciding) decide(account, gone, renewal);
          },
          renewal?.renew,
        ),
        raDevices.removeRaDevice(account),
        im.removeAccount(account),
        expectations.removeExpectations(account),
        homeNews.removeNews(account),
      ]);
    });
    const [, outcomes] = await Promise.all([made, asked]);
    for (const listener of this.#listeners) await listener(account);
    renewal?.done();
    return outcomes?.[0] === true;
  }
}
