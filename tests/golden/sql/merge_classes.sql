SELECT
  *
FROM (
  SELECT
    `t11`.`doc_id`,
    `t11`.`scheme`,
    `t11`.`code`,
    LOGICAL_OR(`t11`.`primary`) AS `primary`
  FROM (
    SELECT
      `t10`.*
      EXCEPT (`kept_id`, `own`, `part_right`)
    FROM (
      SELECT
        COALESCE(`t9`.`kept_id`, `t9`.`doc_id`) AS `doc_id`,
        `t9`.`scheme`,
        `t9`.`code`,
        `t9`.`primary`,
        `t9`.`part`,
        `t9`.`part_right`,
        `t9`.`place`,
        `t9`.`kept_id`,
        `t9`.`kind`,
        `t9`.`own`,
        `t9`.`later`,
        `t9`.`here`
      FROM (
        SELECT
          `t6`.`doc_id`,
          `t6`.`scheme`,
          `t6`.`code`,
          `t6`.`primary`,
          `t6`.`part`,
          `t8`.`part` AS `part_right`,
          `t8`.`place`,
          `t8`.`kept_id`,
          `t8`.`kind`,
          `t8`.`own`,
          `t8`.`later`,
          `t8`.`here`
        FROM (
          SELECT
            *
          FROM (
            SELECT
              `t0`.`doc_id`,
              `t0`.`scheme`,
              `t0`.`code`,
              `t0`.`primary`,
              0 AS `part`
            FROM `one_classes` AS `t0`
          ) AS `t3`
          UNION ALL
          SELECT
            *
          FROM (
            SELECT
              `t1`.`doc_id`,
              `t1`.`scheme`,
              `t1`.`code`,
              `t1`.`primary`,
              1 AS `part`
            FROM `two_classes` AS `t1`
          ) AS `t4`
        ) AS `t6`
        LEFT OUTER JOIN (
          SELECT
            `t2`.`part`,
            `t2`.`place`,
            `t2`.`kept_id`,
            `t2`.`kind`,
            `t2`.`doc_id` AS `own`,
            `t2`.`published` > `t2`.`kept_published` AS `later`,
            COALESCE(`t2`.`office` = `t2`.`kept_office`, TRUE) AS `here`
          FROM `placed` AS `t2`
        ) AS `t8`
          ON `t6`.`part` = `t8`.`part` AND `t6`.`doc_id` = `t8`.`own`
      ) AS `t9`
    ) AS `t10`
  ) AS `t11`
  GROUP BY
    1,
    2,
    3
) AS `t12`
ORDER BY
  `t12`.`doc_id` ASC NULLS LAST,
  `t12`.`scheme` ASC NULLS LAST,
  `t12`.`code` ASC NULLS LAST
