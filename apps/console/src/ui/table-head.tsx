import { useText } from '../platform/text.ts';

interface TableHeadProps {
  /** Titles of columns; those of `wide` are left out on a phone, as their cells are. */
  readonly columns: readonly (string | { readonly wide: string })[];
  /** Whether the last column has buttons. */
  readonly hasActions?: boolean;
}

/** The head of a table. */
export function TableHead({ columns, hasActions = false }: TableHeadProps) {
  const t = useText();
  return (
    <thead>
      <tr>
        {columns.map((column) =>
          typeof column === 'string' ? (
            <th key={column} scope="col">
              {column}
            </th>
          ) : (
            <th key={column.wide} scope="col" class="wide">
              {column.wide}
            </th>
          ),
        )}
        {hasActions && (
          <th scope="col">
            <span class="unseen">{t('common.actions')}</span>
          </th>
        )}
      </tr>
    </thead>
  );
}
