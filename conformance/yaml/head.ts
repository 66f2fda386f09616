/** The begin of an object that texts go on with, indented by two spaces. */
export const HEAD = "apiVersion: v1\nkind: Widget\nmetadata: {name: web}\nspec:\n";
