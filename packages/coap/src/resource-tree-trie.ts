interface TrieNode<T> {
  leaf: T | undefined;
  subtree: T | undefined;
  children: Map<string, TrieNode<T>> | undefined;
}

function emptyNode<T>(): TrieNode<T> {
  return { leaf: undefined, subtree: undefined, children: undefined };
}

/** Values by path: leaves at exactly one path, subtrees at a path and all below it. Looking up allocates nothing. */
export class PathTrie<T> {
  readonly #root: TrieNode<T> = emptyNode();

  /** The leaf at `path`, else the subtree nearest above it. Costs one step per segment that the trie knows. */
  find(path: readonly string[]): T | undefined {
    let node = this.#root;
    let nearest = node.subtree;
    for (let depth = 0; depth < path.length; depth++) {
      const child = node.children?.get(path[depth]!);
      if (!child) return nearest;
      node = child;
      if (node.subtree !== undefined) nearest = node.subtree;
    }
    return node.leaf ?? nearest;
  }

  /** @throws RangeError when the path has a leaf. */
  addLeaf(path: readonly string[], value: T): void {
    const node = this.#reach(path);
    if (node.leaf !== undefined) throw new RangeError(`there is a resource at /${path.join('/')} already`);
    node.leaf = value;
  }

  /** @throws RangeError when a subtree starts at the path. */
  addSubtree(path: readonly string[], value: T): void {
    const node = this.#reach(path);
    if (node.subtree !== undefined) throw new RangeError(`something is mounted at /${path.join('/')} already`);
    node.subtree = value;
  }

  removeLeaf(path: readonly string[], value: T): void {
    this.#change(path, (node) => {
      if (node.leaf === value) node.leaf = undefined;
    });
  }

  removeSubtree(path: readonly string[], value: T): void {
    this.#change(path, (node) => {
      if (node.subtree === value) node.subtree = undefined;
    });
  }

  #reach(path: readonly string[]): TrieNode<T> {
    let node = this.#root;
    for (const segment of path) {
      node.children ??= new Map();
      const child = node.children.get(segment) ?? emptyNode();
      node.children.set(segment, child);
      node = child;
    }
    return node;
  }

  /** Applies `change` to the node at `path` and drops what became empty on the way. */
  #change(path: readonly string[], change: (node: TrieNode<T>) => void): void {
    const way: TrieNode<T>[] = [this.#root];
    for (const segment of path) {
      const child = way.at(-1)!.children?.get(segment);
      if (!child) return;
      way.push(child);
    }
    change(way.at(-1)!);
    for (let depth = path.length; depth > 0; depth--) {
      const node = way[depth]!;
      if (node.leaf !== undefined || node.subtree !== undefined || (node.children?.size ?? 0) > 0) return;
      way[depth - 1]!.children!.delete(path[depth - 1]!);
    }
  }
}
