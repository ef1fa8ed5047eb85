SELECT
  *
FROM (
  SELECT DISTINCT
    *
  FROM (
    SELECT
      *
    FROM (
      SELECT
        `t25`.`doc_id`,
        `t25`.`date`,
        `t25`.`event`
      FROM (
        SELECT
          `t23`.*
          EXCEPT (`kept_id`, `own`, `part_right`)
        FROM (
          SELECT
            COALESCE(`t21`.`kept_id`, `t21`.`doc_id`) AS `doc_id`,
            `t21`.`date`,
            `t21`.`event`,
            `t21`.`part`,
            `t21`.`part_right`,
            `t21`.`place`,
            `t21`.`kept_id`,
            `t21`.`kind`,
            `t21`.`own`,
            `t21`.`later`,
            `t21`.`here`
          FROM (
            SELECT
              `t17`.`doc_id`,
              `t17`.`date`,
              `t17`.`event`,
              `t17`.`part`,
              `t18`.`part` AS `part_right`,
              `t18`.`place`,
              `t18`.`kept_id`,
              `t18`.`kind`,
              `t18`.`own`,
              `t18`.`later`,
              `t18`.`here`
            FROM (
              SELECT
                *
              FROM (
                SELECT
                  `t2`.`doc_id`,
                  `t2`.`date`,
                  `t2`.`event`,
                  0 AS `part`
                FROM `one_events` AS `t2`
              ) AS `t7`
              UNION ALL
              SELECT
                *
              FROM (
                SELECT
                  `t3`.`doc_id`,
                  `t3`.`date`,
                  `t3`.`event`,
                  1 AS `part`
                FROM `two_events` AS `t3`
              ) AS `t8`
            ) AS `t17`
            LEFT OUTER JOIN (
              SELECT
                `t0`.`part`,
                `t0`.`place`,
                `t0`.`kept_id`,
                `t0`.`kind`,
                `t0`.`doc_id` AS `own`,
                `t0`.`published` > `t0`.`kept_published` AS `later`,
                COALESCE(`t0`.`office` = `t0`.`kept_office`, TRUE) AS `here`
              FROM `placed` AS `t0`
            ) AS `t18`
              ON `t17`.`part` = `t18`.`part` AND `t17`.`doc_id` = `t18`.`own`
          ) AS `t21`
        ) AS `t23`
      ) AS `t25`
      WHERE
        COALESCE(`t25`.`here`, TRUE)
    ) AS `t26`
    UNION ALL
    SELECT
      *
    FROM (
      SELECT
        *
      FROM (
        SELECT
          `t15`.`kept_id` AS `doc_id`,
          COALESCE(`t20`.`granted`, `t20`.`published`) AS `date`,
          'grant' AS `event`
        FROM (
          SELECT
            *
          FROM `placed` AS `t0`
          WHERE
            `t0`.`rule` IN (5, 6, 7, 8) AND `t0`.`office` = `t0`.`kept_office`
        ) AS `t15`
        INNER JOIN (
          SELECT
            `t1`.`node`
          FROM `nodes` AS `t1`
          WHERE
            `t1`.`grant`
        ) AS `t12`
          ON `t15`.`node` = `t12`.`node`
        INNER JOIN (
          SELECT
            `t14`.`part`,
            `t14`.`granted`,
            `t14`.`published`,
            `t14`.`doc_id` AS `doc`
          FROM (
            SELECT
              *
            FROM (
              SELECT
                `t4`.`doc_id`,
                `t4`.`kind`,
                `t4`.`title`,
                `t4`.`abstract`,
                `t4`.`language`,
                `t4`.`published`,
                `t4`.`filed`,
                `t4`.`priority`,
                `t4`.`granted`,
                `t4`.`office`,
                `t4`.`family_id`,
                `t4`.`doc_type`,
                `t4`.`status`,
                `t4`.`venue`,
                `t4`.`source`,
                `t4`.`source_id`,
                0 AS `part`
              FROM `one_documents` AS `t4`
            ) AS `t9`
            UNION ALL
            SELECT
              *
            FROM (
              SELECT
                `t5`.`doc_id`,
                `t5`.`kind`,
                `t5`.`title`,
                `t5`.`abstract`,
                `t5`.`language`,
                `t5`.`published`,
                `t5`.`filed`,
                `t5`.`priority`,
                `t5`.`granted`,
                `t5`.`office`,
                `t5`.`family_id`,
                `t5`.`doc_type`,
                `t5`.`status`,
                `t5`.`venue`,
                `t5`.`source`,
                `t5`.`source_id`,
                1 AS `part`
              FROM `two_documents` AS `t5`
            ) AS `t10`
          ) AS `t14`
        ) AS `t20`
          ON `t15`.`part` = `t20`.`part` AND `t15`.`doc_id` = `t20`.`doc`
      ) AS `t22`
    ) AS `t24`
  ) AS `t27`
) AS `t28`
ORDER BY
  `t28`.`doc_id` ASC NULLS LAST,
  `t28`.`date` ASC NULLS LAST,
  `t28`.`event` ASC NULLS LAST
