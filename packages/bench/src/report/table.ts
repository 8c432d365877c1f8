/** An HTML table; cells are HTML. */
export function htmlTable(header: readonly string[], rows: readonly { readonly className?: string; readonly cells: readonly string[] }[]): string {
  const head = header.map((cell) => `<th>${cell}</th>`).join('');
  const body = rows.map(({ className, cells }) => `<tr${className ? ` class="${className}"` : ''}>${cells.map(cellHtml).join('')}</tr>`).join('\n');
  return `<table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table>`;
}

function cellHtml(cell: string): string {
  return cell.startsWith('<td') ? cell : `<td>${cell}</td>`;
}
