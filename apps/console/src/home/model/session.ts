import {
  ApiClient,
  ApiProblemError,
  type JsonHomeUser,
  type Route,
  type RouteInput,
  type RouteResponse,
  routes,
} from '@yaolian/contract';
import { Store } from '../../platform/store.ts';

/** 'unknown' until the platform has told whether the cookie of this browser is good. */
export const user = new Store<JsonHomeUser | undefined | 'unknown'>('unknown');

const client = new ApiClient({ baseUrl: location.origin });

/** Calls the API as a user. When the session has ended, the page goes back to the sign-in. */
export async function ask<R extends Route>(route: R, input: RouteInput<R>): Promise<RouteResponse<R>> {
  try {
    return await client.call(route, input);
  } catch (error) {
    if (isSignedOut(error)) user.set(undefined);
    throw error;
  }
}

function isSignedOut(error: unknown): boolean {
  return error instanceof ApiProblemError && error.problem.code === 'unauthenticated';
}

/** Asks whose session the cookie is. */
export async function resumeUser(): Promise<void> {
  try {
    user.set(await client.call(routes.showHomeSession, {}));
  } catch (error) {
    user.set(undefined);
    if (!isSignedOut(error)) throw error;
  }
}

export async function signInUser(name: string, password: string): Promise<void> {
  user.set(await client.call(routes.signInAtHome, { body: { name, password } }));
}

export async function registerUser(name: string, password: string, invitation: string): Promise<void> {
  const body = { name, password, ...(invitation === '' ? {} : { invitation }) };
  user.set(await client.call(routes.registerAtHome, { body }));
}

export async function signOutUser(): Promise<void> {
  await ask(routes.signOutAtHome, {}).finally(() => user.set(undefined));
}

/** `lamp` of `lamp@home.example`. */
export function shortName(address: string): string {
  return address.replace(/@[^@]*$/, '');
}
