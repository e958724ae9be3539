/** Where page and API listen, unless they are told otherwise: Airflow's. */
export const DEFAULT_PORT = 8080;
