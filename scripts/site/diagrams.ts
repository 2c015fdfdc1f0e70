import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';

/** The picture of a Mermaid diagram, named after a hash of its text, so that an outdated picture is never shown. */
const pictureOf = (diagram: string): string => `images/diagram-${hash('sha256', diagram.trim()).slice(0, 12)}.svg`;

/**
 * The element that shows a diagram. Mermaid is larger than the whole site, so the pictures are rendered in advance and
 * committed.
 *
 * @throws Error with the command that renders the picture, if it is missing
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
