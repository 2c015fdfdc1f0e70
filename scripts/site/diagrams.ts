import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';

/** The picture of a Mermaid diagram, named after its text, so that it cannot show another one. */
const pictureOf = (diagram: string): string =>
  `images/diagram-${createHash('sha256').update(diagram.trim()).digest('hex').slice(0, 12)}.svg`;

/**
 * The element that shows a diagram. Mermaid is larger than the whole site, so that pictures are drawn before, and kept.
 *
 * @throws Error with the command that draws the picture, where there is none
 */
export const showDiagram = (diagram: string, title: string): string => {
  const picture = pictureOf(diagram);
  if (!existsSync(`docs/${picture}`)) {
    const command = `npx @mermaid-js/mermaid-cli --input diagram.mmd --output docs/${picture}`;
    throw new Error(`the diagram of "${title}" changed: save its text as diagram.mmd, then ${command}`);
  }
  const attributes = 'class="scroll diagram" tabindex="0" role="group" aria-label="Diagram"';
  return `<div ${attributes}><img src="${picture}" alt="Diagram: ${title}"></div>\n`;
};
