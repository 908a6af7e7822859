import { Portfolio } from '@yaolian/lwm2m-objects/core-references';
import type { ExecuteArguments } from '../execute-arguments.ts';
import { type DeclaredInstance, type InstanceHooks, type InstanceOptions, instance } from '../object-instance.ts';
import { type CreatableObject, creatable } from '../object-tree.ts';

export type PortfolioInstance = DeclaredInstance<typeof Portfolio>;

/** Resource 3 of Portfolio. */
export const AuthStatus = { Idle: 0, DataAvailable: 1, Error: 2 } as const;

/** Works out what GetAuthData asks for; by resource instance of AuthData, from 0. A rejection is an error that the server sees. */
export type Authenticate = (
  args: ExecuteArguments,
  self: PortfolioInstance,
) => readonly Uint8Array[] | Promise<readonly Uint8Array[]>;

/**
 * What a Portfolio instance (16) does: GetAuthData empties AuthData, and when `authenticate` is done it and AuthStatus say so.
 *
 * DEVIATION: OMA-TS-LWM2M_Portfolio resets the state when AuthData was returned as well. Here it lasts until the next GetAuthData:
 * a response that was lost can be asked for again.
 */
function hooksOf(authenticate: Authenticate | undefined): InstanceHooks<typeof Portfolio> {
  if (!authenticate) return {};
  return {
    onExecute: {
      getAuthData: (args, self) => {
        self.update({ authData: undefined, authStatus: AuthStatus.Idle });
        void finish(self, async () => authenticate(args, self));
      },
    },
  };
}

async function finish(self: PortfolioInstance, work: () => Promise<readonly Uint8Array[]>): Promise<void> {
  try {
    self.update({ authData: await work(), authStatus: AuthStatus.DataAvailable });
  } catch {
    self.update({ authStatus: AuthStatus.Error });
  }
}

/** A Portfolio instance (16) that the terminal comes with. @param identity host device id, manufacturer, model, software version */
export function portfolio(
  identity: readonly string[],
  options: InstanceOptions<typeof Portfolio> & { readonly authenticate?: Authenticate } = {},
): PortfolioInstance {
  const { authenticate, ...rest } = options;
  return instance(Portfolio, { identity, authStatus: AuthStatus.Idle }, { ...hooksOf(authenticate), ...rest });
}

/** Lets servers create and delete Portfolio instances. */
export function portfolios(
  options: { readonly maximumInstances?: number; readonly authenticate?: Authenticate } = {},
): CreatableObject {
  return creatable(Portfolio, { ...options, hooks: hooksOf(options.authenticate) });
}
