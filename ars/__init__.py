"""Visual ARS: menus, visits, links, the caller's page. Its issue comes next; the floor is laid."""
