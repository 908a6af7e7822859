import {
  ApiClient,
  ApiProblemError,
  type JsonHomeUser,
  type Route,
  type RouteInput,
  type RouteResponse,
  routes,
} from '@yaolian/contract';
import { heard, missed } from '../../platform/reach.ts';
import { Renewal } from '../../platform/renewal.ts';
import { Store } from '../../platform/store.ts';

/** 'unknown' until the platform has told whether the cookie of this browser is good. */
export const user = new Store<JsonHomeUser | undefined | 'unknown'>('unknown');

const client = new ApiClient({ baseUrl: location.origin });

/** What waits while the session has ended. */
export const renewal = new Renewal();

/** Calls the API as a user. When the session has ended, it waits until the same user has signed in again, and goes on. */
export async function ask<R extends Route>(route: R, input: RouteInput<R>): Promise<RouteResponse<R>> {
  for (;;) {
    try {
      const answer = await client.call(route, input);
      heard();
      return answer;
    } catch (error) {
      missed(error);
      if (!isSignedOut(error) || typeof user.value !== 'object') throw error;
      if (!(await renewal.wait(input.signal))) throw error;
    }
  }
}

function isSignedOut(error: unknown): boolean {
  return error instanceof ApiProblemError && error.problem.code === 'unauthenticated';
}

/** Asks whose session the cookie is. */
export async function resumeUser(): Promise<void> {
  try {
    begin(await client.call(routes.showHomeSession, {}));
  } catch (error) {
    if (isSignedOut(error) && typeof user.value === 'object') {
      await renewal.wait();
      return;
    }
    missed(error);
    if (user.value === 'unknown') user.set(undefined);
    if (!isSignedOut(error)) throw error;
  }
}

/** A session has begun: what waited for it goes on, unless it is of somebody else, who sees nothing of what was here. */
function begin(present: JsonHomeUser): void {
  const before = user.value;
  if (typeof before === 'object' && before.account !== present.account) {
    location.reload();
    return;
  }
  user.set(present);
  renewal.settle(true);
}

/** Asks whether somebody has signed in meanwhile, in another tab. */
export async function lookForUser(): Promise<void> {
  if (renewal.isNeeded.value) await client.call(routes.showHomeSession, {}).then(begin, () => undefined);
}

export async function signInUser(name: string, password: string): Promise<void> {
  begin(await client.call(routes.signInAtHome, { body: { name, password } }));
}

export async function registerUser(name: string, password: string, invitation: string): Promise<void> {
  const body = { name, password, ...(invitation === '' ? {} : { invitation }) };
  begin(await client.call(routes.registerAtHome, { body }));
}

export async function signOutUser(): Promise<void> {
  try {
    await client.call(routes.signOutAtHome, {});
  } catch (error) {
    if (!isSignedOut(error)) throw error;
  }
  leave();
}

/** Back to the sign-in: what waited comes to nothing. */
export function leave(): void {
  user.set(undefined);
  renewal.settle(false);
}
