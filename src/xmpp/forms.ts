import { NS } from "./namespaces.js";
import { type Element, el } from "./xml.js";

/** A submitted data form (XEP-0004 §3.2). Fields with no value are left out. */
export function submitForm(type: string, fields: Readonly<Record<string, string>>): Element {
  return el(
    "x",
    { xmlns: NS.dataForms, type: "submit" },
    el("field", { var: "FORM_TYPE", type: "hidden" }, el("value", {}, type)),
    ...Object.entries(fields).map(([name, value]) => el("field", { var: name }, el("value", {}, value))),
  );
}

/** The names of a form's fields. */
export function fieldNames(form: Element): Set<string> {
  return new Set(form.getChildren("field").map((field) => String(field.attrs.var)));
}
