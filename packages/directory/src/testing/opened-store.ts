/** A store under a contract test. */
export interface OpenedStore<Store> {
  readonly store: Store;
  /** Closes the store and opens it again from what it kept. Absent where nothing outlives the process. */
  reopen?(): Promise<Store>;
  close(): Promise<void>;
}

export type OpenStore<Store> = () => Promise<OpenedStore<Store>>;
