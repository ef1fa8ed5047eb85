WITH `t14` AS (
  SELECT
    `t13`.`doc_id`,
    `t13`.`role`,
    `t13`.`position`,
    `t13`.`name`,
    `t13`.`org`,
    `t13`.`country`,
    `t13`.`region`,
    `t13`.`city`,
    `t13`.`org_id`,
    `t13`.`part`,
    COALESCE(`t13`.`place`, 0) AS `place`,
    `t13`.`kind`,
    `t13`.`later`,
    `t13`.`here`
  FROM (
    SELECT
      `t12`.*
      EXCEPT (`kept_id`, `own`, `part_right`)
    FROM (
      SELECT
        COALESCE(`t11`.`kept_id`, `t11`.`doc_id`) AS `doc_id`,
        `t11`.`role`,
        `t11`.`position`,
        `t11`.`name`,
        `t11`.`org`,
        `t11`.`country`,
        `t11`.`region`,
        `t11`.`city`,
        `t11`.`org_id`,
        `t11`.`part`,
        `t11`.`part_right`,
        `t11`.`place`,
        `t11`.`kept_id`,
        `t11`.`kind`,
        `t11`.`own`,
        `t11`.`later`,
        `t11`.`here`
      FROM (
        SELECT
          `t8`.`doc_id`,
          `t8`.`role`,
          `t8`.`position`,
          `t8`.`name`,
          `t8`.`org`,
          `t8`.`country`,
          `t8`.`region`,
          `t8`.`city`,
          `t8`.`org_id`,
          `t8`.`part`,
          `t10`.`part` AS `part_right`,
          `t10`.`place`,
          `t10`.`kept_id`,
          `t10`.`kind`,
          `t10`.`own`,
          `t10`.`later`,
          `t10`.`here`
        FROM (
          SELECT
            *
          FROM (
            SELECT
              `t1`.`doc_id`,
              `t1`.`role`,
              `t1`.`position`,
              `t1`.`name`,
              `t1`.`org`,
              `t1`.`country`,
              `t1`.`region`,
              `t1`.`city`,
              `t1`.`org_id`,
              0 AS `part`
            FROM `one_parties` AS `t1`
          ) AS `t5`
          UNION ALL
          SELECT
            *
          FROM (
            SELECT
              `t2`.`doc_id`,
              `t2`.`role`,
              `t2`.`position`,
              `t2`.`name`,
              `t2`.`org`,
              `t2`.`country`,
              `t2`.`region`,
              `t2`.`city`,
              `t2`.`org_id`,
              1 AS `part`
            FROM `two_parties` AS `t2`
          ) AS `t6`
        ) AS `t8`
        LEFT OUTER JOIN (
          SELECT
            `t3`.`part`,
            `t3`.`place`,
            `t3`.`kept_id`,
            `t3`.`kind`,
            `t3`.`doc_id` AS `own`,
            `t3`.`published` > `t3`.`kept_published` AS `later`,
            COALESCE(`t3`.`office` = `t3`.`kept_office`, TRUE) AS `here`
          FROM `placed` AS `t3`
        ) AS `t10`
          ON `t8`.`part` = `t10`.`part` AND `t8`.`doc_id` = `t10`.`own`
      ) AS `t11`
    ) AS `t12`
  ) AS `t13`
)
SELECT
  `t21`.`doc_id`,
  `t21`.`role`,
  `t21`.`position`,
  `t21`.`name`,
  `t21`.`org`,
  `t21`.`country`,
  `t21`.`region`,
  `t21`.`city`,
  COALESCE(`t21`.`organisation`, `t21`.`org_id`) AS `org_id`
FROM (
  SELECT
    `t16`.`doc_id`,
    `t16`.`role`,
    `t16`.`position`,
    `t16`.`name`,
    `t16`.`org`,
    `t16`.`country`,
    `t16`.`region`,
    `t16`.`city`,
    `t16`.`org_id`,
    `t16`.`part`,
    `t16`.`place`,
    `t16`.`kind`,
    `t16`.`later`,
    `t16`.`here`,
    `t4`.`spelling`,
    `t4`.`organisation`
  FROM `t14` AS `t16`
  LEFT OUTER JOIN `organisations` AS `t4`
    ON `t16`.`org_id` = `t4`.`spelling`
  WHERE
    EXISTS(
      SELECT
        1
      FROM (
        SELECT
          `t18`.`doc_id`,
          `t18`.`role`,
          `t18`.`part`,
          `t18`.`place`
        FROM (
          SELECT
            `t17`.`doc_id`,
            `t17`.`role`,
            `t17`.`part`,
            `t17`.`place`,
            `t17`.`orgs`,
            `t17`.`size`,
            ROW_NUMBER() OVER (
              PARTITION BY `t17`.`doc_id`, `t17`.`role`
              ORDER BY `t17`.`orgs` DESC, `t17`.`size` DESC, `t17`.`place` ASC, `t17`.`part` ASC
            ) - 1 AS `turn`
          FROM (
            SELECT
              `t15`.`doc_id`,
              `t15`.`role`,
              `t15`.`part`,
              `t15`.`place`,
              COUNT(`t15`.`org_id`) AS `orgs`,
              COUNT(*) AS `size`
            FROM `t14` AS `t15`
            GROUP BY
              1,
              2,
              3,
              4
          ) AS `t17`
        ) AS `t18`
        WHERE
          `t18`.`turn` = 0
      ) AS `t20`
      WHERE
        `t16`.`doc_id` = `t20`.`doc_id`
        AND `t16`.`role` = `t20`.`role`
        AND `t16`.`part` = `t20`.`part`
        AND `t16`.`place` = `t20`.`place`
    )
) AS `t21`
ORDER BY
  `t21`.`doc_id` ASC NULLS LAST,
  `t21`.`role` ASC NULLS LAST,
  `t21`.`position` ASC NULLS LAST
