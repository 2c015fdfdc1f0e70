import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html } from '../../src/console/html.ts';

describe('html', () => {
  it('escapes every text, in elements and in attributes', () => {
    const evil = `<img src=x onerror="alert('1')">&amp;`;
    expect(html`<b title="${evil}">${evil}</b>`.toString()).toBe(
      '<b title="&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;amp;">' +
        '&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;amp;</b>',
    );
  });

  it('nests templates unescaped, joins lists, and omits null and false', () => {
    const items = ['a', '<b>'].map((it) => html`<li>${it}</li>`);
    expect(html`<ul>${items}</ul>${null}${false}${0}`.toString()).toBe('<ul><li>a</li><li>&lt;b&gt;</li></ul>0');
  });

  it('writes out hidden characters as escapes', () => {
    expect(html`${'a\u202eb\u0000c\u200bd\n\te'}`.toString()).toBe('a\\u202eb\\u0000c\\u200bd\n\te');
  });

  it('never lets a text break out of its element or attribute', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(html`${text}`.toString()).not.toMatch(/[<>"']|&(?!amp;|lt;|gt;|quot;|#39;)/);
      }),
    );
  });
});
