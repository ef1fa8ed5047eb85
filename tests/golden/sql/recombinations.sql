WITH `t15` AS (
  SELECT DISTINCT
    *
  FROM (
    SELECT
      *
    FROM (
      SELECT
        `t6`.`doc_id`,
        `t6`.`published`,
        `t9`.`unit`
      FROM (
        SELECT
          `t0`.`doc_id`,
          `t0`.`published`
        FROM `documents` AS `t0`
        WHERE
          `t0`.`kind` = 'patent'
      ) AS `t6`
      INNER JOIN (
        SELECT
          `t1`.`doc_id`,
          SPLIT(`t1`.`code`, '/')[safe_offset(0)] AS `unit`
        FROM `classes` AS `t1`
        WHERE
          `t1`.`scheme` IN ('cpc', 'ipc')
      ) AS `t9`
        ON `t6`.`doc_id` = `t9`.`doc_id`
    ) AS `t12`
    UNION ALL
    SELECT
      *
    FROM (
      SELECT
        `t7`.`doc_id`,
        `t7`.`published`,
        `t11`.`unit`
      FROM (
        SELECT
          `t0`.`doc_id`,
          `t0`.`published`
        FROM `documents` AS `t0`
        WHERE
          `t0`.`kind` = 'paper'
      ) AS `t7`
      INNER JOIN (
        SELECT
          `t1`.`doc_id`,
          CONCAT(
            CONCAT(`t1`.`scheme`, ':'),
            LOWER(TRANSLATE(TRIM(`t1`.`code`, ' \t\n\r\v\f'), 'Σİ', 'σi'))
          ) AS `unit`
        FROM `classes` AS `t1`
        WHERE
          `t1`.`scheme` IN ('keyword', 'openalex_topic')
      ) AS `t11`
        ON `t7`.`doc_id` = `t11`.`doc_id`
    ) AS `t13`
  ) AS `t14`
), `t20` AS (
  SELECT
    `t17`.`doc_id`,
    `t17`.`published`,
    `t17`.`unit`,
    `t19`.`begun`
  FROM `t15` AS `t17`
  INNER JOIN (
    SELECT
      `t16`.`unit`,
      MIN(`t16`.`published`) AS `begun`
    FROM `t15` AS `t16`
    GROUP BY
      1
  ) AS `t19`
    ON `t17`.`unit` = `t19`.`unit`
), `t31` AS (
  SELECT
    *
  FROM (
    SELECT
      `t25`.`doc_id`,
      `t25`.`published`,
      `t25`.`begun`,
      `t25`.`new`,
      `t25`.`a`,
      `t26`.`b`,
      `t26`.`begun_b`,
      `t26`.`new_b`
    FROM (
      SELECT
        `t21`.`doc_id`,
        `t21`.`published`,
        `t21`.`begun`,
        `t21`.`published` = `t21`.`begun` AS `new`,
        `t21`.`unit` AS `a`
      FROM `t20` AS `t21`
    ) AS `t25`
    INNER JOIN (
      SELECT
        `t21`.`doc_id`,
        `t21`.`unit` AS `b`,
        `t21`.`begun` AS `begun_b`,
        `t21`.`published` = `t21`.`begun` AS `new_b`
      FROM `t20` AS `t21`
    ) AS `t26`
      ON `t25`.`doc_id` = `t26`.`doc_id`
  ) AS `t29`
  WHERE
    `t29`.`a` < `t29`.`b`
)
SELECT
  `t43`.`doc_id`,
  CASE
    WHEN `t43`.`n_units` IS NOT NULL
    THEN COALESCE(`t43`.`n_units`, 0)
    ELSE NULL
  END AS `n_units`,
  CASE
    WHEN `t43`.`n_units` IS NOT NULL
    THEN COALESCE(`t43`.`n_first_units`, 0)
    ELSE NULL
  END AS `n_first_units`,
  CASE
    WHEN `t43`.`n_units` IS NOT NULL
    THEN COALESCE(`t43`.`n_pairs`, 0)
    ELSE NULL
  END AS `n_pairs`,
  CASE
    WHEN `t43`.`n_units` IS NOT NULL
    THEN COALESCE(`t43`.`n_first_pairs`, 0)
    ELSE NULL
  END AS `n_first_pairs`,
  CASE
    WHEN `t43`.`n_units` IS NOT NULL
    THEN COALESCE(`t43`.`n_known_first_pairs`, 0)
    ELSE NULL
  END AS `n_known_first_pairs`
FROM (
  SELECT
    `t42`.*
    EXCEPT (`doc_id_right`)
  FROM (
    SELECT
      `t35`.`doc_id`,
      `t35`.`n_units`,
      `t35`.`n_first_units`,
      `t41`.`doc_id` AS `doc_id_right`,
      `t41`.`n_pairs`,
      `t41`.`n_first_pairs`,
      `t41`.`n_known_first_pairs`
    FROM (
      SELECT
        `t30`.`doc_id`,
        `t30`.`n_units`,
        `t30`.`n_first_units`
      FROM (
        SELECT
          `t3`.`doc_id`,
          `t28`.`doc_id` AS `doc_id_right`,
          `t28`.`n_units`,
          `t28`.`n_first_units`
        FROM (
          SELECT
            `t0`.`doc_id`
          FROM `documents` AS `t0`
        ) AS `t3`
        LEFT OUTER JOIN (
          SELECT
            `t22`.`doc_id`,
            COUNT(*) AS `n_units`,
            SUM(CAST(`t22`.`new` AS INT64)) AS `n_first_units`
          FROM (
            SELECT
              `t21`.`doc_id`,
              `t21`.`published`,
              `t21`.`unit`,
              `t21`.`begun`,
              `t21`.`published` = `t21`.`begun` AS `new`
            FROM `t20` AS `t21`
          ) AS `t22`
          GROUP BY
            1
        ) AS `t28`
          ON `t3`.`doc_id` = `t28`.`doc_id`
      ) AS `t30`
    ) AS `t35`
    LEFT OUTER JOIN (
      SELECT
        `t39`.`doc_id`,
        COUNT(*) AS `n_pairs`,
        SUM(CAST(`t39`.`is_first` AS INT64)) AS `n_first_pairs`,
        SUM(
          CAST(`t39`.`is_first` AND NOT (
            `t39`.`new`
          ) AND NOT (
            `t39`.`new_b`
          ) AS INT64)
        ) AS `n_known_first_pairs`
      FROM (
        SELECT
          `t38`.`doc_id`,
          `t38`.`published`,
          `t38`.`begun`,
          `t38`.`new`,
          `t38`.`a`,
          `t38`.`b`,
          `t38`.`begun_b`,
          `t38`.`new_b`,
          `t38`.`first`,
          `t38`.`published` = `t38`.`first` AS `is_first`
        FROM (
          SELECT
            `t34`.`doc_id`,
            `t34`.`published`,
            `t34`.`begun`,
            `t34`.`new`,
            `t34`.`a`,
            `t34`.`b`,
            `t34`.`begun_b`,
            `t34`.`new_b`,
            `t37`.`first`
          FROM `t31` AS `t34`
          INNER JOIN (
            SELECT
              `t32`.`a`,
              `t32`.`b`,
              MIN(`t32`.`published`) AS `first`
            FROM `t31` AS `t32`
            GROUP BY
              1,
              2
          ) AS `t37`
            ON `t34`.`a` = `t37`.`a` AND `t34`.`b` = `t37`.`b`
        ) AS `t38`
      ) AS `t39`
      GROUP BY
        1
    ) AS `t41`
      ON `t35`.`doc_id` = `t41`.`doc_id`
  ) AS `t42`
) AS `t43`
ORDER BY
  `t43`.`doc_id` ASC NULLS LAST
