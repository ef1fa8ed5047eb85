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
), `t26` AS (
  SELECT
    *
  FROM (
    SELECT
      `t20`.`doc_id`,
      `t20`.`published`,
      `t20`.`a`,
      `t21`.`b`
    FROM (
      SELECT
        `t16`.`doc_id`,
        `t16`.`published`,
        `t16`.`unit` AS `a`
      FROM `t15` AS `t16`
    ) AS `t20`
    INNER JOIN (
      SELECT
        `t16`.`doc_id`,
        `t16`.`unit` AS `b`
      FROM `t15` AS `t16`
    ) AS `t21`
      ON `t20`.`doc_id` = `t21`.`doc_id`
  ) AS `t24`
  WHERE
    `t24`.`a` < `t24`.`b`
)
SELECT
  `t37`.`doc_id`,
  CASE WHEN `t37`.`known` THEN COALESCE(`t37`.`n_pairs`, 0) ELSE NULL END AS `n_pairs`,
  CASE WHEN `t37`.`known` THEN COALESCE(`t37`.`n_first_pairs`, 0) ELSE NULL END AS `n_first_pairs`
FROM (
  SELECT
    `t36`.*
    EXCEPT (`doc_id_right`)
  FROM (
    SELECT
      `t29`.`doc_id`,
      `t29`.`known`,
      `t35`.`doc_id` AS `doc_id_right`,
      `t35`.`n_pairs`,
      `t35`.`n_first_pairs`
    FROM (
      SELECT
        `t25`.`doc_id`,
        `t25`.`known`
      FROM (
        SELECT
          `t3`.`doc_id`,
          `t23`.`doc_id` AS `doc_id_right`,
          `t23`.`known`
        FROM (
          SELECT
            `t0`.`doc_id`
          FROM `documents` AS `t0`
        ) AS `t3`
        LEFT OUTER JOIN (
          SELECT
            `t17`.`doc_id`,
            TRUE AS `known`
          FROM (
            SELECT DISTINCT
              `t16`.`doc_id`
            FROM `t15` AS `t16`
          ) AS `t17`
        ) AS `t23`
          ON `t3`.`doc_id` = `t23`.`doc_id`
      ) AS `t25`
    ) AS `t29`
    LEFT OUTER JOIN (
      SELECT
        `t33`.`doc_id`,
        COUNT(*) AS `n_pairs`,
        SUM(CAST(`t33`.`published` = `t33`.`first` AS INT64)) AS `n_first_pairs`
      FROM (
        SELECT
          `t30`.`doc_id`,
          `t30`.`published`,
          `t30`.`a`,
          `t30`.`b`,
          `t32`.`first`
        FROM `t26` AS `t30`
        INNER JOIN (
          SELECT
            `t28`.`a`,
            `t28`.`b`,
            MIN(`t28`.`published`) AS `first`
          FROM `t26` AS `t28`
          GROUP BY
            1,
            2
        ) AS `t32`
          ON `t30`.`a` = `t32`.`a` AND `t30`.`b` = `t32`.`b`
      ) AS `t33`
      GROUP BY
        1
    ) AS `t35`
      ON `t29`.`doc_id` = `t35`.`doc_id`
  ) AS `t36`
) AS `t37`
ORDER BY
  `t37`.`doc_id` ASC NULLS LAST
