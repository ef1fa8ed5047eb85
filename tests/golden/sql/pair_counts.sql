WITH `t13` AS (
  SELECT DISTINCT
    *
  FROM (
    SELECT
      *
    FROM (
      SELECT
        `t4`.`doc_id`,
        `t4`.`published`,
        `t7`.`unit`
      FROM (
        SELECT
          `t0`.`doc_id`,
          `t0`.`published`
        FROM `documents` AS `t0`
        WHERE
          `t0`.`kind` = 'patent'
      ) AS `t4`
      INNER JOIN (
        SELECT
          `t1`.`doc_id`,
          SPLIT(`t1`.`code`, '/')[safe_offset(0)] AS `unit`
        FROM `classes` AS `t1`
        WHERE
          `t1`.`scheme` IN ('cpc', 'ipc')
      ) AS `t7`
        ON `t4`.`doc_id` = `t7`.`doc_id`
    ) AS `t10`
    UNION ALL
    SELECT
      *
    FROM (
      SELECT
        `t5`.`doc_id`,
        `t5`.`published`,
        `t9`.`unit`
      FROM (
        SELECT
          `t0`.`doc_id`,
          `t0`.`published`
        FROM `documents` AS `t0`
        WHERE
          `t0`.`kind` = 'paper'
      ) AS `t5`
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
      ) AS `t9`
        ON `t5`.`doc_id` = `t9`.`doc_id`
    ) AS `t11`
  ) AS `t12`
), `t19` AS (
  SELECT
    `t15`.`doc_id`,
    `t15`.`published`,
    `t15`.`unit`
  FROM `t13` AS `t15`
  WHERE
    EXISTS(
      SELECT
        1
      FROM (
        SELECT
          `t16`.`doc_id`
        FROM (
          SELECT
            `t14`.`doc_id`,
            COUNT(*) AS `CountStar`
          FROM `t13` AS `t14`
          GROUP BY
            1
        ) AS `t16`
        WHERE
          `t16`.`CountStar` > 1
      ) AS `t18`
      WHERE
        `t15`.`doc_id` = `t18`.`doc_id`
    )
), `t21` AS (
  SELECT
    `t20`.`doc_id`,
    `t20`.`published`,
    `t20`.`unit`,
    CAST(SUBSTRING(`t20`.`published`, IF((
      0 + 1
    ) >= 1, 0 + 1, 0 + 1 + LENGTH(`t20`.`published`)), 4) AS INT64) AS `year`
  FROM `t19` AS `t20`
), `t27` AS (
  SELECT
    `t24`.`year`,
    `t24`.`unit`,
    COUNT(*) AS `n`
  FROM `t21` AS `t24`
  GROUP BY
    1,
    2
), `t36` AS (
  SELECT
    `t31`.`doc_id`,
    `t31`.`year`,
    `t31`.`a`,
    `t31`.`b`
  FROM (
    SELECT
      `t25`.`doc_id`,
      `t25`.`published`,
      `t25`.`year`,
      `t25`.`a`,
      `t26`.`b`,
      `t26`.`year_b`
    FROM (
      SELECT
        `t20`.`doc_id`,
        `t20`.`published`,
        CAST(SUBSTRING(`t20`.`published`, IF((
          0 + 1
        ) >= 1, 0 + 1, 0 + 1 + LENGTH(`t20`.`published`)), 4) AS INT64) AS `year`,
        `t20`.`unit` AS `a`
      FROM `t19` AS `t20`
    ) AS `t25`
    INNER JOIN (
      SELECT
        `t20`.`doc_id`,
        `t20`.`unit` AS `b`,
        CAST(SUBSTRING(`t20`.`published`, IF((
          0 + 1
        ) >= 1, 0 + 1, 0 + 1 + LENGTH(`t20`.`published`)), 4) AS INT64) AS `year_b`
      FROM `t19` AS `t20`
    ) AS `t26`
      ON `t25`.`doc_id` = `t26`.`doc_id`
  ) AS `t31`
  WHERE
    `t31`.`a` < `t31`.`b`
)
SELECT
  *
FROM (
  SELECT
    `t38`.`doc_id`,
    `t38`.`year`,
    `t38`.`a`,
    `t38`.`b`,
    `t40`.`n_pair`,
    `t34`.`n_a`,
    `t35`.`n_b`,
    `t30`.`n_docs`
  FROM `t36` AS `t38`
  INNER JOIN (
    SELECT
      `t37`.`year`,
      `t37`.`a`,
      `t37`.`b`,
      COUNT(*) AS `n_pair`
    FROM `t36` AS `t37`
    GROUP BY
      1,
      2,
      3
  ) AS `t40`
    ON `t38`.`year` = `t40`.`year` AND `t38`.`a` = `t40`.`a` AND `t38`.`b` = `t40`.`b`
  INNER JOIN (
    SELECT
      `t29`.`year`,
      `t29`.`unit` AS `a`,
      `t29`.`n` AS `n_a`
    FROM `t27` AS `t29`
  ) AS `t34`
    ON `t38`.`year` = `t34`.`year` AND `t38`.`a` = `t34`.`a`
  INNER JOIN (
    SELECT
      `t29`.`year`,
      `t29`.`unit` AS `b`,
      `t29`.`n` AS `n_b`
    FROM `t27` AS `t29`
  ) AS `t35`
    ON `t38`.`year` = `t35`.`year` AND `t38`.`b` = `t35`.`b`
  INNER JOIN (
    SELECT
      `t24`.`year`,
      COUNT(DISTINCT `t24`.`doc_id`) AS `n_docs`
    FROM `t21` AS `t24`
    GROUP BY
      1
  ) AS `t30`
    ON `t38`.`year` = `t30`.`year`
) AS `t41`
ORDER BY
  `t41`.`doc_id` ASC NULLS LAST,
  `t41`.`a` ASC NULLS LAST,
  `t41`.`b` ASC NULLS LAST
