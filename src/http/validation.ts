import type { FastifySchema, FastifySchemaCompiler } from "fastify";
import { z } from "zod";
import { HttpProblem } from "./problems.js";

/** Parses what a request brings by the schema of its route; the schema's own sentence says what is wrong with it. */
export const validatorCompiler: FastifySchemaCompiler<FastifySchema | z.ZodType> = ({ schema }) => {
  if (!(schema instanceof z.ZodType)) throw new TypeError("the schema of a route is not zod's");
  return (given: unknown) => {
    const { data: value, error } = schema.safeParse(given);
    if (error === undefined) return { value };
    const sentence = error.issues[0]?.message ?? "The request is not understood.";
    return { error: new HttpProblem("request-invalid", sentence) };
  };
};
