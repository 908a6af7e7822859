/** Where text and bytes go. */
export interface HostOutput {
  readonly isTerminal: boolean;
  /** Width in character cells; undefined when it is no terminal. */
  readonly columns: number | undefined;
  /** Resolves when more may be written. */
  write(data: string | Uint8Array): Promise<void>;
}

/** The environment variables that matter here. */
export interface Environment {
  readonly [variable: string]: string | undefined;
  readonly HOME?: string | undefined;
  readonly XDG_CONFIG_HOME?: string | undefined;
  readonly XDG_STATE_HOME?: string | undefined;
  readonly YAOLIAN_URL?: string | undefined;
  readonly YAOLIAN_TOKEN?: string | undefined;
  readonly YAOLIAN_CA?: string | undefined;
  readonly YAOLIAN_RA_USER?: string | undefined;
  readonly YAOLIAN_RA_PASSWORD?: string | undefined;
  readonly YAOLIAN_RA_SERVER?: string | undefined;
  readonly YAOLIAN_RA_CA?: string | undefined;
  readonly NO_COLOR?: string | undefined;
  readonly TERM?: string | undefined;
}

/** What a run of the command line sees of the world around it. Tests bring their own. */
export interface Host {
  readonly stdout: HostOutput;
  readonly stderr: HostOutput;
  readonly environment: Environment;
  /** Aborts when the user presses Ctrl-C. */
  readonly signal: AbortSignal;
  readonly stdinIsTerminal: boolean;
  /** From now on the process goes on when nobody reads its output any more. */
  outliveReaders(): void;
  /** Has HTTPS believe these certificates (PEM) too, besides those that Node knows. */
  trust(certificates: string): void;
  /** Everything on standard input. */
  readStdin(): Promise<Uint8Array>;
  /** Asks on the terminal; what is typed is not shown when it is a secret. @param options.signal takes the question back */
  ask(prompt: string, options: { readonly secret: boolean; readonly signal?: AbortSignal }): Promise<string>;
}
