import type { Place } from "../resource.ts";

/**
 * Places in a text. Lines end at LF, CR LF or a lone CR; columns count UTF-16 units from 1, as editors do. The table of
 * lines is made when the first place is asked for.
 */
export function lineIndex(text: string, file: string): (offset: number) => Place {
  let starts: number[] | undefined;
  return (offset) => {
    starts ??= lineStarts(text);
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    const bom = low === 0 && text.charCodeAt(0) === 0xfeff && offset > 0 ? 1 : 0;
    return { file, line: low + 1, column: offset - starts[low]! - bom + 1 };
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  const lineBreak = /\r\n|\r|\n/g;
  while (lineBreak.exec(text)) starts.push(lineBreak.lastIndex);
  return starts;
}
