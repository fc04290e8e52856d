"""The base job template of work pools of type ecs."""
