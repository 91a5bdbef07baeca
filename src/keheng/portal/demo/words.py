"""Words of which the demo articles are made. Every event, document and number is invented."""

from __future__ import annotations

# slug, title, en, ja, ko, kind, parent, greatest age, order, icon, languages
COLUMNS = (
    ("news", "工作动态", "News", "お知らせ", "소식", "news", "", 14, 10, "newspaper", "zh-hans,en,ja,ko"),
    ("notices", "通知公告", "Notices", "公告", "공지사항", "notices", "", 183, 20, "megaphone", "zh-hans,en,ja,ko"),
    ("policies", "政策文件", "Policies", "政策文書", "정책 문서", "policies", "", 183, 30, "scroll-text", "zh-hans,en,ja,ko"),
    (
        "interpretations",
        "政策解读",
        "Policies explained",
        "政策解説",
        "정책 해설",
        "policies",
        "policies",
        183,
        31,
        "lightbulb",
        "zh-hans,en",
    ),
    ("guides", "办事指南", "Guides", "手続案内", "업무 안내", "guides", "", None, 40, "book-open", "zh-hans,en,ja,ko"),
    ("talent", "人才工作", "Talent", "人材", "인재", "news", "", 60, 50, "graduation-cap", "zh-hans,en"),
    (
        "foreign-experts",
        "外国人来华工作",
        "Working in China",
        "中国での就労",
        "중국 취업",
        "guides",
        "",
        183,
        55,
        "globe",
        "zh-hans,en,ja,ko",
    ),
    ("popular-science", "科学普及", "Popular science", "科学普及", "과학 대중화", "news", "", 90, 60, "sparkles", "zh-hans"),
    (
        "disclosure-guide",
        "信息公开指南",
        "Disclosure guide",
        "情報公開ガイド",
        "정보공개 안내",
        "disclosure",
        "",
        None,
        70,
        "file-text",
        "zh-hans,en",
    ),
    ("annual-reports", "信息公开年报", "Annual reports", "年次報告", "연차 보고", "disclosure", "", 400, 71, "file-check", "zh-hans"),
    ("organisation", "机构职能", "The commission", "機関紹介", "기관 소개", "about", "", None, 80, "landmark", "zh-hans,en,ja,ko"),
)
PLACES = ("翠湖新城", "北溪科创园", "杉林镇", "石桥街道", "南浦高新区", "西岭大学城", "云岭科技馆", "翠湖会展中心")
FIELDS = ("精密仪器", "生物医药", "新材料", "人工智能", "集成电路", "航空部件", "新能源", "现代农业", "环境监测", "量子测量")
TOPIC_OF = {
    "精密仪器": "instruments",
    "生物医药": "transfer",
    "新材料": "laboratories",
    "人工智能": "talent",
    "集成电路": "projects",
    "航空部件": "transfer",
    "新能源": "tax",
    "现代农业": "popular-science",
    "环境监测": "instruments",
    "量子测量": "laboratories",
}
BODIES = ("云岭市科学技术委员会", "云岭市财政局", "云岭市人力资源和社会保障局", "国家税务总局云岭市税务局（虚构）")
TITLES = {
    "news": (
        "{place}举办{field}成果对接会（第 {n} 期）",
        "全市{field}企业座谈会在{place}召开（{n}）",
        "{field}共享平台新增仪器 {n} 台套",
        "云岭市{field}创新联合体第 {n} 次会议召开",
        "科技服务走进{place}：{field}专场（{n}）",
    ),
    "notices": (
        "关于组织申报{field}领域科技计划项目的通知（第 {n} 号）",
        "关于开展{field}企业创新券申领工作的通知（第 {n} 号）",
        "{field}领域实验室年度评估结果公示（第 {n} 号）",
        "关于举办{field}政策培训的通知（第 {n} 号）",
    ),
    "policies": (
        "云岭市促进{field}发展若干措施（{n}）",
        "云岭市{field}科技计划项目管理办法（{n}）",
        "云岭市{field}大型仪器共享办法（{n}）",
    ),
    "interpretations": ("一图读懂：{field}发展若干措施（{n}）", "问答：{field}项目管理办法有哪些变化（{n}）"),
    "guides": ("{field}仪器预约办事指南（{n}）", "{field}企业创新券申领指南（{n}）"),
    "talent": ("{field}人才计划第 {n} 批名单公示", "{place}{field}青年人才沙龙（第 {n} 期）"),
    "foreign-experts": ("外国{field}专家来云岭工作指引（{n}）", "外国人来华工作许可常见问题：{field}岗位（{n}）"),
    "popular-science": ("科普讲座：{field}就在身边（第 {n} 讲）", "{place}科普开放日：走近{field}（{n}）"),
    "annual-reports": ("云岭市科学技术委员会政府信息公开工作年度报告（{n}）",),
    "disclosure-guide": ("云岭市科学技术委员会政府信息公开指南（{n}）",),
    "organisation": ("云岭市科学技术委员会主要职能（{n}）",),
}
PARAGRAPHS = (
    "近日，{place}组织了{field}领域的交流活动，来自高校、院所和企业的代表介绍了各自的需求和成果。",
    "本次工作面向在本市登记注册的企业、机构和社会组织，申请单位应当在{field}领域有明确的研发任务和相应的条件。",
    "申请材料包括申请书、单位证明和真实性承诺。材料不齐的，受理人员会一次性告知需要补正的内容。",
    "受理后由经办人初审，再组织专家评审；评审专家按回避规定抽取，结果在本站公示五个工作日。",
    "需要使用大型仪器的单位，可以在仪器共享平台查找{field}相关设备，在线预约，使用后凭记录申请补贴。",
    "参与活动的企业表示，希望平台继续提供{field}方面的检测服务，并公开排队和费用情况。",
    "下一步，将按季度公布{field}工作的进展，并根据反馈意见调整服务安排。",
    "有疑问的，请在本站留言或拨打服务热线，工作日一般在五个工作日内答复。",
)
STEPS = ("登录本站，选择要办的事项；", "按页面提示填写并上传材料；", "收到受理编号后，可随时查看进度；", "办结后在线领取结果。")
CORRECTIONS = (
    "补充：咨询电话和受理地点不变，受理时间以本站公布为准。",
    "更正：附表第二列的单位为“台（套）”，其他内容不变。",
    "说明：节假日期间受理的材料，自节后第一个工作日起计算期限。",
)
TRANSLATED = {
    "en": (
        "Yunling: {field} {n}",
        (
            "The commission informs residents and firms about its work in this field.",
            "Applications are handed in online; the office tells at once what is missing.",
            "Questions are answered within five working days.",
        ),
    ),
    "ja": (
        "雲嶺市：{field} {n}",
        (
            "市科学技術委員会からのお知らせです。",
            "申請はオンラインで受け付け、不足があれば一度にお知らせします。",
            "ご質問には五営業日以内に回答します。",
        ),
    ),
    "ko": (
        "윈링시: {field} {n}",
        (
            "시 과학기술위원회의 안내입니다.",
            "신청은 온라인으로 접수하며 부족한 서류는 한 번에 알려 드립니다.",
            "문의에는 영업일 5일 이내에 답변합니다.",
        ),
    ),
}
FIELD_NAMES = {
    "en": (
        "precision instruments",
        "biomedicine",
        "new materials",
        "artificial intelligence",
        "integrated circuits",
        "aircraft parts",
        "new energy",
        "modern farming",
        "environmental monitoring",
        "quantum metrology",
    ),
    "ja": (
        "精密機器",
        "バイオ医薬",
        "新素材",
        "人工知能",
        "集積回路",
        "航空部品",
        "新エネルギー",
        "現代農業",
        "環境モニタリング",
        "量子計測",
    ),
    "ko": ("정밀기기", "바이오의약", "신소재", "인공지능", "집적회로", "항공 부품", "신에너지", "현대 농업", "환경 감시", "양자 계측"),
}
QUESTIONS = (
    (
        "创新券可以用于检测吗",
        "我们是一家{field}企业，想用创新券支付检测费用，可以吗？",
        "可以。请在创新券页面申领，选择目录内的检测服务，用后凭合同和发票兑付。",
    ),
    (
        "仪器预约被退回了怎么办",
        "预约{field}仪器时被退回，说材料不全，应该补什么？",
        "请补充样品说明和安全承诺，在原预约里重新提交即可，不用重新排队。",
    ),
    ("项目申报截止时间", "{field}项目申报是按提交时间还是按盖章时间算？", "按系统提交时间计算，纸质材料可以在截止后五个工作日内补交。"),
    ("希望增加周末开放", "希望{field}实验室周末也能开放。", "谢谢建议。三家实验室已试行周六开放，名单见通知公告。"),
    ("页面上的链接打不开", "办事指南里的附件打不开。", "已修复，谢谢指出。"),
    ("培训能不能上网看", "{field}政策培训去不了现场，能不能看录像？", "培训后三个工作日内在本站发布录像和讲义。"),
)
